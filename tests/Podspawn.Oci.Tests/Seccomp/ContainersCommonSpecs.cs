using System.Runtime.CompilerServices;
using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Seccomp;
using Podspawn.Oci.Spec;

namespace Podspawn.Oci.Tests.Seccomp;

/// <summary>
/// Compares our default filter with podman's, which Debian ships as data (golang-github-containers-common): differences-from-containers-common.txt
/// lists every difference with its reason, and nothing else.
/// </summary>
public class ContainersCommonSpecs
{
    private const string ProfilePath = "/usr/share/containers/seccomp.json";

    private static readonly Version Kernel = new(6, 1);
    private static readonly DockerSeccompProfile Theirs = DockerSeccompProfile.Parse(File.ReadAllBytes(ProfilePath), ProfilePath);

    public static TheoryData<string, CpuArchitecture> Sets()
    {
        var data = new TheoryData<string, CpuArchitecture>();
        foreach (CpuArchitecture architecture in Enum.GetValues<CpuArchitecture>())
        {
            data.Add("", architecture);
            data.Add("CHOWN DAC_OVERRIDE FOWNER SETGID SETUID NET_BIND_SERVICE", architecture);
            data.Add("SYS_ADMIN", architecture);
            data.Add("SYS_PTRACE SYS_NICE", architecture);
            data.Add("BPF PERFMON SYSLOG SYS_BOOT", architecture);
            data.Add("DAC_READ_SEARCH SYS_CHROOT SYS_MODULE SYS_PACCT SYS_RAWIO SYS_TIME SYS_TTY_CONFIG AUDIT_WRITE", architecture);
            data.Add("ALL", architecture);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Every_difference_is_stated_and_justified(string names, CpuArchitecture architecture)
    {
        CapabilitySet bounding = CapabilityRule.Resolve(names.Split(' ', StringSplitOptions.RemoveEmptyEntries), ["ALL"], All, All).Set;
        LinuxSeccomp ours = DefaultSeccompProfile.Instance.Resolve(bounding, architecture, Kernel);
        LinuxSeccomp theirs = Theirs.Resolve(bounding, architecture, Kernel);

        IEnumerable<string> found = Filter.Names(ours).Concat(Filter.Names(theirs)).Distinct()
            .Where(call => Filter.Verdict(ours, call) != Filter.Verdict(theirs, call))
            .Select(call => $"{call}: {Filter.Verdict(ours, call)}, theirs {Filter.Verdict(theirs, call)}");
        IEnumerable<string> stated = Differences().Where(difference => difference.Applies(bounding)).Select(difference => difference.Line);

        Assert.Equal(stated.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    private static CapabilitySet All => CapabilitySet.UpTo(40);

    private static IEnumerable<Difference> Differences([CallerFilePath] string here = "")
    {
        foreach (string line in File.ReadLines(Path.Combine(Path.GetDirectoryName(here)!, "differences-from-containers-common.txt")))
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            string[] fields = line.Split('|', StringSplitOptions.TrimEntries);
            Assert.True(fields.Length == 5 && fields[4].Length > 0, $"no reason: {line}");
            foreach (string call in fields[3].Split(' '))
                yield return new Difference(fields[0], $"{call}: {fields[1]}, theirs {fields[2]}");
        }
    }

    private sealed record Difference(string When, string Line)
    {
        internal bool Applies(CapabilitySet bounding) => When == "always" || When.Split(", ").All(condition => Holds(condition, bounding));

        private static bool Holds(string condition, CapabilitySet bounding)
        {
            string[] words = condition.Split(' ');
            CapabilitySet held = CapabilityRule.Resolve(words[1..], ["ALL"], All, All).Set & bounding;
            return words[0] switch
            {
                "with" => held != CapabilitySet.Empty,
                "without" => held == CapabilitySet.Empty,
                _ => throw new InvalidDataException(condition),
            };
        }
    }
}
