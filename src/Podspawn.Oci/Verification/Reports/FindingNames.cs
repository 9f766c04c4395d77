namespace Podspawn.Oci.Verification.Reports;

/// <summary>The names of the findings, which are the names of the built-in probes of a matrix.</summary>
public static class FindingNames
{
    /// <summary>All of them, in the order of a report.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "capabilities", "privileged_calls", "no_new_privileges", "pids_limit", "readonly_rootfs", "tmpfs", "runtime",
        "seccomp", "masked_paths", "readonly_paths", "namespaces", "devices", "streams", "cpus", "memory",
    ];
}
