namespace Podspawn.Oci.Diagnosis.Faults;

/// <summary>The faults of runc.</summary>
internal static class RuncFaults
{
    // USN-6088-1: one update for the three of March 2023.
    private static readonly PackageFix[] Ubuntu2023 =
        [new("~18.04.", "1.1.4-0ubuntu1~18.04.2"), new("~20.04.", "1.1.4-0ubuntu1~20.04.3"), new("~22.04.", "1.1.4-0ubuntu1~22.04.3")];

    private const string LinksRefused = "a root filesystem whose /dev, /proc or /sys is a link is refused";

    internal static IReadOnlyList<RuntimeFault> All { get; } =
    [
        new("CVE-2019-5736", "a container can overwrite the runc program through /proc/self/exe", new FaultRange(null, "1.0.0-rc7")),
        new("CVE-2021-30465", "two containers that share a volume can have one mounted outside the root by a race", new FaultRange(null, "1.0.0-rc95")),
        new("CVE-2021-43784", "long attributes of a config overwrite others, namespaces among them", new FaultRange(null, "1.0.3")),
        new("CVE-2022-29162", "exec --cap gives inheritable capabilities", new FaultRange(null, "1.1.2"))
        {
            Closed = "what exec starts has no inheritable capabilities",
        },
        new("CVE-2023-25809", "a rootless container can write to its cgroup's parents", new FaultRange(null, "1.1.5"))
        {
            Closed = "nothing is launched rootless, and cgroups are mounted read-only",
            Patched = Ubuntu2023,
        },
        new("CVE-2023-27561", "an image whose /proc is a link, with a shared volume, keeps the process's labels from being set", new FaultRange("1.0.0-rc95", "1.1.5"))
        {
            Closed = LinksRefused,
            Patched = Ubuntu2023,
        },
        new("CVE-2023-28642", "an image whose /proc is a link gets round AppArmor and SELinux", new FaultRange(null, "1.1.5"))
        {
            Closed = LinksRefused,
            Patched = Ubuntu2023,
        },
        new("CVE-2024-21626", "a working directory in /proc/self/fd is one of the host's: a break-out", new FaultRange("1.0.0-rc93", "1.1.12"))
        {
            Closed = "a working directory that leads into /proc is refused, and the one that was entered is compared",
            Patched =
            [
                new("+deb12u", "1.1.5+ds1-1+deb12u1"), new("~18.04.", "1.1.4-0ubuntu1~18.04.2+esm1"),
                new("~20.04.", "1.1.7-0ubuntu1~20.04.2"), new("~22.04.", "1.1.7-0ubuntu1~22.04.2"),
            ],
        },
        new("CVE-2024-45310", "containers that share a volume can have empty files made on the host by a race", new FaultRange(null, "1.1.14"),
            new FaultRange("1.2.0-rc.1", "1.2.0-rc.3")),
        new("stuck run and exec", "runc can wait for ever for a process that ends at once", new FaultRange("1.3.0", "1.3.6"), new FaultRange("1.4.0-rc.1", "1.4.2")),
        new("CVE-2025-31133", "a race for /dev/null while paths are masked mounts what the container wants: a break-out", November2025(null)),
        new("CVE-2025-52565", "a race for /dev/console does the same, with a terminal", November2025("1.0.0-rc3")),
        new("CVE-2025-52881", "a race turns what runc writes to /proc to another file of it: a break-out", November2025(null)),
        new("CVE-2026-41579", "an image whose /dev is a link has files made and changed on the host", new FaultRange(null, "1.3.6"), new FaultRange("1.4.0-rc.1", "1.4.3"),
            new FaultRange("1.5.0-rc.1", "1.5.0-rc.3"))
        {
            Closed = LinksRefused,
        },
        new(
            "CVE-2026-119101", "an image's links have a directory of the host mounted when a checkpoint is restored",
            new FaultRange(null, "1.3.7"), new FaultRange("1.4.0-rc.1", "1.4.4"), new FaultRange("1.5.0-rc.1", "1.5.3"), new FaultRange("1.6.0-rc.1", "1.6.0-rc.2"))
        {
            Closed = "nothing is restored by runc",
        },
    ];

    private static FaultRange[] November2025(string? since) => [new(since, "1.2.8"), new("1.3.0-rc.1", "1.3.3"), new("1.4.0-rc.1", "1.4.0-rc.3")];
}
