using Podspawn.Oci.Native;

namespace Podspawn.Oci.Host.Probing;

/// <summary>Checks whether systemd can create cgroups.</summary>
internal static class SystemdProbe
{
    // sd_booted(3), and the address of the system bus (D-Bus Specification, "Well-known Message Bus Instances").
    private const string Booted = "/run/systemd/system";
    private const string Bus = "/run/dbus/system_bus_socket";

    /// <summary>Why systemd cannot create cgroups; null where it can.</summary>
    internal static string? WhyNot(CgroupLayout layout) => WhyNot(layout, PathCalls.Access(Booted, 0) == 0, PathCalls.Access(Bus, 0) == 0);

    internal static string? WhyNot(CgroupLayout layout, bool booted, bool bus) => (layout, booted, bus) switch
    {
        (_, false, _) => $"this host was not booted by systemd ({Booted} is not there)",
        (not CgroupLayout.Unified, _, _) => "this host's cgroups are not of the pure version 2 layout",
        (_, _, false) => $"the system bus is not there ({Bus}); start dbus",
        _ => null,
    };
}
