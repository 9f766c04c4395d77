namespace Podspawn.Oci.Verification;

/// <summary>The names of the findings, in the order in which they are told.</summary>
public static class FindingNames
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "capabilities", "privileged_calls", "no_new_privileges", "pids_limit", "readonly_rootfs", "tmpfs", "runtime", "seccomp", "masked_paths",
        "readonly_paths", "namespaces", "devices", "cpus", "memory",
    ];
}
