using Podspawn.Oci.Capabilities;

namespace Podspawn.Oci.Verification.Attacks;

/// <summary>Ways to a device of the host.</summary>
internal static class DeviceAttacks
{
    private const string Finding = "devices";

    public static IReadOnlyList<Attack> Rows { get; } =
    [
        new(Finding, "mknod", "device files made and opened", Opened) { Arguments = _ => [Places.Volume] },
        new(Finding, "own_mount", "device files on a mount of the container's own", Opened),
        new(Finding, "volume", "a device file on a volume", Opened) { Arguments = _ => [Places.Device] },
    ];

    private static Verdict Opened(AttackTry tried)
    {
        if (tried.Expectation.OnSentry)
            return Verdict.Told($"{tried.Detail}: gVisor's own devices, none of the host's");
        return tried.Expectation.Effective.Contains(Capability.Mknod) && !tried.Expectation.Controllers.Contains("devices")
            ? Verdict.Granted($"{tried.Detail}: MKNOD is granted, and this host has no device controller")
            : Verdict.Works(tried.Detail);
    }
}
