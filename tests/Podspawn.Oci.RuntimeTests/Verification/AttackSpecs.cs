using System.Diagnostics;
using System.Globalization;
using Podspawn.Oci.Verification.Findings;
using Podspawn.Oci.Verification.Reports;

namespace Podspawn.Oci.RuntimeTests.Verification;

/// <summary>Every known way around a hardened config, on the real runtimes.</summary>
public sealed class AttackSpecs
{
    private static readonly string[] Hardened = ["--read-only", "--tmpfs", "/run:size=1m", "--pids-limit", "32", "--cpus", "0.5"];

    // Where gVisor lacks the object of the attack: the host is not involved.
    private static readonly string[] KernelsOnly = ["memory/pipes", "memory/shared_memory", "memory/tmpfs", "memory/sysv", "memory/page_cache"];

    // Attacks that are not refused, and why that is as it should be.
    private static readonly Dictionary<string, AttackResult> KnownEverywhere = new() { ["tmpfs/memfd"] = AttackResult.Told };

    private static readonly Dictionary<string, AttackResult> KnownOfSentry = new()
    {
        ["pids_limit/user_ids"] = AttackResult.Differs,
        ["tmpfs/map"] = AttackResult.Differs,
        ["tmpfs/mprotect"] = AttackResult.Differs,
        ["tmpfs/loader"] = AttackResult.Differs,
        ["cpus/realtime"] = AttackResult.Told,
        // Releases before 20260330 filter only the container's own processes.
        ["seccomp/exec"] = AttackResult.Differs,
    };

    // The kernel's limit is reached; a sandbox needs memory for all processes that are forked in it.
    private static string MemoryFor(string runtime) => runtime == "runsc" ? "512m" : "64m";

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_hardened_container_withstands_every_attack(string runtime)
    {
        (_, VerificationReport report) = await VerifyRun.Of(["--runtime", runtime, "--rootfs", Repository.Debian, .. Hardened, "--memory", MemoryFor(runtime)]);
        Assert.Empty(report.Shortfalls());
        var met = new HashSet<string>();
        foreach ((Finding finding, AttackReport attack) in report.Findings.SelectMany(finding => finding.Attacks.Select(attack => (finding, attack))))
        {
            string name = $"{finding.Name}/{attack.Name}";
            met.Add(name);
            bool sentry = runtime == "runsc";
            // gVisor's /proc, /sys and devices are its own, and the report says so.
            bool own = sentry && attack.Result == AttackResult.Told && finding.Name is "masked_paths" or "readonly_paths" or "devices";
            bool known = own || (KnownEverywhere.TryGetValue(name, out AttackResult result) && result == attack.Result)
                || (sentry && KnownOfSentry.TryGetValue(name, out AttackResult sentrys) && sentrys == attack.Result);
            Assert.True(known || attack.Result is AttackResult.Refused or AttackResult.Untried, $"{name} {attack.Result} {attack.On}: {attack.Detail}");
        }
        IEnumerable<string> all = AttackTable.All.Select(attack => $"{attack.Finding}/{attack.Name}");
        Assert.Equal(all.Where(name => runtime != "runsc" || !KernelsOnly.Contains(name)).Order(), met.Order());
        await Leftovers.AssertNone(report.Container);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task One_attack_can_be_tried_by_itself(string runtime)
    {
        (_, VerificationReport report) = await VerifyRun.Of("--runtime", runtime, "--pids-limit", "32", "--only", "pids_limit/user_ids");
        AttackReport attack = Assert.Single(Assert.Single(report.Findings).Attacks);
        Assert.Equal(runtime == "runsc" ? AttackResult.Differs : AttackResult.Refused, attack.Result);
    }

    [Fact]
    public async Task The_text_tells_how_many_were_refused_and_names_the_others()
    {
        Outcome outcome = (await PodspawnOci.Call(["verify", "--runtime", "crun", "--tmpfs", "/run:size=1m", "--only", "tmpfs"])).Succeeded();
        Assert.Contains(outcome.Lines, line => line.StartsWith("tmpfs: attacks: ", StringComparison.Ordinal) && line.Contains("refused", StringComparison.Ordinal));
        Assert.Contains(outcome.Lines, line => line.StartsWith("tmpfs: attack memfd: told: ", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Nothing_is_left_on_the_host_that_was_laid_out_for_it(string runtime)
    {
        var start = new ProcessStartInfo(Repository.Command, ["verify", "--runtime", runtime, "--only", "namespaces"]) { RedirectStandardOutput = true,
            RedirectStandardError = true };
        using Process verifier = Process.Start(start)!;
        Task<string> told = verifier.StandardOutput.ReadToEndAsync();
        await verifier.WaitForExitAsync();
        Assert.Contains("namespaces: attacks: ", await told, StringComparison.Ordinal);
        // Bait that other verifiers have put out meanwhile is theirs.
        string bait = $"podspawn-oci-bait-{verifier.Id}-";
        Assert.Empty(Directory.EnumerateFiles("/dev/shm", $"{bait}*"));
        Assert.DoesNotContain(File.ReadLines("/proc/net/unix"), line => line.Contains(bait, StringComparison.Ordinal));
        // The kernel removes a key a moment after it was taken out of the last keyring.
        for (var watch = Stopwatch.StartNew(); File.ReadLines("/proc/keys").Any(line => line.Contains(bait, StringComparison.Ordinal)); await Task.Delay(10))
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), "the key is still there");
        Assert.DoesNotContain(File.ReadLines("/proc/sysvipc/shm"), line =>
            line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4] == verifier.Id.ToString(CultureInfo.InvariantCulture));
    }
}
