namespace Podspawn.Oci.Diagnosis.Faults;

/// <summary>The faults of crun.</summary>
internal static class CrunFaults
{
    private const string NoKrun = "the krun handler is never asked for";
    private const string FreshDev = "/dev is a new tmpfs in every container";

    internal static IReadOnlyList<RuntimeFault> All { get; } =
    [
        new("CVE-2019-16884", "an image can keep the process's labels from being set", new FaultRange(null, "0.10")),
        new("CVE-2019-18837", "an image's links lead out of the root", new FaultRange(null, "0.10.5")),
        new("CVE-2022-27650", "exec gives inheritable capabilities", new FaultRange(null, "1.4.4"))
        {
            Closed = "what exec starts has no inheritable capabilities",
        },
        new("CVE-2025-24965", "krun: an image's link has a file of the host written", new FaultRange(null, "1.20")) { Closed = NoKrun },
        new("CVE-2026-30892", "exec --user 1 starts as root", new FaultRange("1.19", "1.27"))
        {
            Closed = "exec's users are resolved here and given as numbers of both kinds",
        },
        new("CVE-2026-47766", "an image whose /dev is a link has files made on the host", new FaultRange(null, "1.28"))
        {
            Closed = "a root filesystem whose /dev, /proc or /sys is a link is refused",
        },
        new("crun 1.29.0", "a mount point's mode is copied onto the root, and a read-only /sys fails in user namespaces", new FaultRange("1.29", "1.29.1")),
        new("CVE-2026-84042", "krun with passt runs what the image wants as the host's root", new FaultRange("1.29", "1.30")) { Closed = NoKrun },
        new("CVE-2026-88264", "an image whose /dev/console is a link has a file made on the host", new FaultRange(null, "1.30")) { Closed = FreshDev },
        new("CVE-2026-88265", "an image whose /dev/null is a link has a file of the host opened for the streams", new FaultRange(null, "1.30")) { Closed = FreshDev },
        new("CVE-2026-115520", "an image's links have a directory of the host mounted when a checkpoint is restored", new FaultRange(null, "1.31"))
        {
            Closed = "nothing is restored by crun",
        },
        new("CVE-2026-115521", "an image can have the read-only remount of its root go elsewhere, so that the root stays writable", new FaultRange(null, "1.31")),
        new("CVE-2026-133553", "tmpcopyup can be led to files of the host by who shares a volume", new FaultRange(null, null))
        {
            Closed = "no mount is made with tmpcopyup",
        },
    ];
}
