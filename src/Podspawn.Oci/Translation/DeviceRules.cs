using Podspawn.Oci.Host;
using Podspawn.Oci.Spec;

namespace Podspawn.Oci.Translation;

/// <summary>Docker's device rules: nothing but the harmless character devices.</summary>
internal static class DeviceRules
{
    public static IReadOnlyList<DeviceRule>? For(HostFacts host)
    {
        // Version 2 has no controller: the runtime attaches a BPF program to the cgroup. Version 1 needs its controller.
        bool enforceable = host.CgroupLayout == CgroupLayout.Unified
            || (host.CgroupLayout != CgroupLayout.None && host.CgroupControllers.Contains("devices"));
        return enforceable ? Rules() : null;
    }

    private static DeviceRule[] Rules() =>
    [
        new(Allow: false, Access: "rwm"),
        Character(true, 1, 3), // null
        Character(true, 1, 5), // zero
        Character(true, 1, 7), // full
        Character(true, 1, 8), // random
        Character(true, 1, 9), // urandom
        Character(true, 5, 0), // tty
        Character(true, 5, 1), // console
        Character(true, 5, 2), // ptmx
        Character(true, 136, null), // pts
        Character(false, 10, 229), // fuse
    ];

    private static DeviceRule Character(bool allow, long major, long? minor) => new(allow, "c", major, minor, "rwm");
}
