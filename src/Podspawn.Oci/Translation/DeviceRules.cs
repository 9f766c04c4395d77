using Podspawn.Oci.Configuration;
using Podspawn.Oci.Host;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Text;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Translation;

/// <summary>Docker's device rules: nothing but the harmless character devices, and those that the config gives and the launch asks for.</summary>
internal static class DeviceRules
{
    private const string Root = "/dev";

    // The files that every container has (config-linux.md, "Default Devices" and "Default Filesystems"), and those below which something is mounted.
    private static readonly string[] Taken =
    [
        "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty", "/dev/console", "/dev/ptmx", "/dev/fd", "/dev/stdin", "/dev/stdout",
        "/dev/stderr", "/dev/core", "/dev/pts", "/dev/shm", "/dev/mqueue",
    ];

    /// <summary>Checks the form of the paths that a config gives.</summary>
    public static void Check(IReadOnlyList<string> given, Diagnostics diagnostics)
    {
        for (int i = 0; i < given.Count; i++)
        {
            if (ContainerPath.CheckSeen(given[i]) is { } problem)
                diagnostics.Refuse(Keys.Element(Keys.Devices, i), problem.What, problem.Hint);
        }
    }

    /// <summary>Checks where the devices of a launch go, and whether they can be given on this host and by this runtime.</summary>
    public static void Check(LaunchRequest request, IReadOnlyList<Mount> mounts, HostFacts host, RuntimeTraits runtime, Diagnostics diagnostics)
    {
        if (runtime.Kernel == SystemCallHandler.Sentry)
        {
            const string Why = "gvisor has devices of its own, and none of the host's";
            const string Hint = "leave it away, use another runtime";
            if (request.Devices.Count > 0)
                diagnostics.RefuseUnlessWaived(LaunchKeys.Device, Why, request.AllowUnenforced, Hint);
            if (request.DeviceRules.Count > 0)
                diagnostics.RefuseUnlessWaived(LaunchKeys.DeviceCgroupRule, Why, request.AllowUnenforced, Hint);
            return;
        }
        var taken = new HashSet<string>();
        foreach (GivenDevice device in request.Devices)
        {
            CheckPlace(device.Path, mounts, diagnostics);
            if (!taken.Add(device.Path))
                diagnostics.Refuse(LaunchKeys.Device, $"two devices go to '{device.Path}'", "leave one of the two away");
            if (!IsEnforceable(host) && device.Opens.Access.Length < OpenedDevice.Everything.Length)
                diagnostics.RefuseUnlessWaived(
                    LaunchKeys.Device, $"this host has no device controller, which would hold '{device.Path}' to '{device.Opens.Access}'", request.AllowUnenforced,
                    $"write {OpenedDevice.Everything}");
        }
    }

    /// <summary>The device files that the runtime makes beside the usual ones; null for none.</summary>
    public static IReadOnlyList<Device>? Nodes(LaunchRequest request, RuntimeTraits runtime) =>
        request.Devices.Count == 0 || runtime.Kernel == SystemCallHandler.Sentry ? null
            : [.. request.Devices.Select(device =>
                new Device(device.Opens.Type, device.Path, device.Opens.Major, device.Opens.Minor, device.FileMode, device.Uid, device.Gid))];

    /// <summary>The rules of the device controller; null where the host has none.</summary>
    public static IReadOnlyList<DeviceRule>? For(LaunchRequest request, HostFacts host, RuntimeTraits runtime)
    {
        if (!IsEnforceable(host))
            return null;
        if (runtime.Kernel == SystemCallHandler.Sentry)
            return Rules();
        // The last rule that matches wins.
        return [.. Rules(), .. request.Devices.Select(device => Rule(device.Opens)), .. request.DeviceRules.Select(Rule)];
    }

    // Version 2 has no controller: the runtime attaches a BPF program to the cgroup. Version 1 needs its controller.
    private static bool IsEnforceable(HostFacts host) => host.CgroupLayout == CgroupLayout.Unified
        || (host.CgroupLayout != CgroupLayout.None && host.CgroupControllers.Contains("devices"));

    // Elsewhere the file would be made in the root filesystem: it would stay there, and hostile links could lead the runtime out of it.
    private static void CheckPlace(string path, IReadOnlyList<Mount> mounts, Diagnostics diagnostics)
    {
        if (ContainerPath.CheckSeen(path) is { } problem)
            diagnostics.Refuse(LaunchKeys.Device, problem.What, problem.Hint);
        else if (path == Root || !ContainerPath.IsAtOrBelow(path, Root))
            diagnostics.Refuse(LaunchKeys.Device, $"{Printable.Quote(path)} is not below {Root}, where a container's devices are", $"write {Root}/NAME");
        else if (Taken.FirstOrDefault(taken => ContainerPath.IsAtOrBelow(path, taken)) is { } taken)
            diagnostics.Refuse(LaunchKeys.Device, $"every container has a {taken} of its own", "choose another path in the container");
        else if (mounts.FirstOrDefault(mount => mount.Destination != Root
            && (ContainerPath.IsAtOrBelow(path, mount.Destination) || ContainerPath.IsAtOrBelow(mount.Destination, path))) is { } mount)
            diagnostics.Refuse(LaunchKeys.Device, $"the mount at '{mount.Destination}' is in the way of '{path}'", "leave one of the two away");
    }

    private static DeviceRule Rule(OpenedDevice device) => new(Allow: true, device.Type, device.Major, device.Minor, device.Access);

    private static DeviceRule[] Rules() =>
    [
        new(Allow: false, Access: OpenedDevice.Everything),
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

    private static DeviceRule Character(bool allow, long major, long? minor) => new(allow, "c", major, minor, OpenedDevice.Everything);
}
