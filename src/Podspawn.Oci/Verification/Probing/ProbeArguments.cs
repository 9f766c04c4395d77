using System.Globalization;
using Podspawn.Oci.Verification.Attacks;
using Podspawn.Oci.Verification.Expectations;
using Podspawn.Oci.Verification.Reports;

namespace Podspawn.Oci.Verification.Probing;

/// <summary>The words that tell the probe what to look at. What may end the container comes last.</summary>
internal static class ProbeArguments
{
    public static IReadOnlyList<string> For(Expectation expectation, IReadOnlySet<string> findings, IReadOnlyList<AskedAttack> attacks)
    {
        var words = new List<string>();
        if (findings.Contains("capabilities"))
            words.Add("capabilities");
        if (findings.Contains("no_new_privileges"))
            words.AddRange(["setuid_program", ProbeProgram.SetuidCopy]);
        // A device may be mounted on a file as well.
        if (findings.Contains("readonly_rootfs") || (findings.Contains("devices") && !expectation.OnSentry))
            words.Add("mounts");
        if (findings.Contains("masked_paths"))
            words.AddRange(expectation.MaskedPaths.SelectMany(path => new[] { "masked_path", path }));
        if (findings.Contains("readonly_paths"))
            words.AddRange(expectation.ReadonlyPaths.SelectMany(path => new[] { "readonly_path", path }));
        if (findings.Contains("namespaces"))
            words.Add("namespaces");
        if (findings.Contains("devices"))
            words.Add("devices");
        // A device file in gVisor leads to gVisor's own devices wherever it lies.
        if (findings.Contains("devices") && !expectation.OnSentry)
            words.Add("device_files");
        if (findings.Contains("streams"))
            words.Add("streams");
        if (findings.Contains("runtime"))
            words.Add("kernel");
        if (findings.Contains("tmpfs"))
            words.AddRange(expectation.Tmpfs.SelectMany(mount => new[] { "tmpfs", mount.Path, Text(ProbeReach.FillOf(expectation, mount)) }));
        if (findings.Contains("pids_limit") && ProbeReach.TriesTasks(expectation))
            words.AddRange(["pids", Text(ProbeReach.TasksOf(expectation))]);
        words.AddRange(Words(attacks, finding => finding == "pids_limit"));
        words.AddRange(Words(attacks, finding => finding is not ("pids_limit" or "memory")));
        // After the count of processes: gVisor (20221219) goes on to count a process that changed its user or user namespace and ended.
        if (findings.Contains("seccomp"))
            words.Add("system_calls");
        if (findings.Contains("privileged_calls"))
            words.AddRange(["privileged_calls", ProbeProgram.Directory]);
        words.AddRange(Words(attacks, finding => finding == "memory"));
        if (findings.Contains("memory") && ProbeReach.TriesMemory(expectation))
            words.AddRange(["memory", Text(ProbeReach.MemoryOf(expectation))]);
        return words;
    }

    private static IEnumerable<string> Words(IReadOnlyList<AskedAttack> attacks, Func<string, bool> findings) => attacks
        .Where(asked => findings(asked.Attack.Finding) && asked is { Argument.Untried: null, Attack.Name: not Attack.Executed })
        .SelectMany(asked => new[] { "attack", asked.Attack.Finding, asked.Attack.Name, asked.Argument.Text });

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
