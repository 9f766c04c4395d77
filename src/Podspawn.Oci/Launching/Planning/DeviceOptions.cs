using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Configuration;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.Text;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Launching.Planning;

/// <summary>The devices of the host that a launch asks for, as typed. Only those that the config names are given.</summary>
public sealed record DeviceOptions
{
    /// <summary><c>--device</c>: <c>HOST[:CONTAINER][:ACCESS]</c>, in order.</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];

    /// <summary><c>--device-cgroup-rule</c>: <c>TYPE MAJOR:MINOR ACCESS</c>, in order.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>Reads the texts, and opens each device to see what it is.</summary>
    /// <param name="given">The paths that the config gives.</param>
    /// <exception cref="ConfigException">A text cannot be read, a device is none, or the config does not give it; the exception contains all of them.</exception>
    internal (IReadOnlyList<GivenDevice> Devices, IReadOnlyList<OpenedDevice> Rules) Read(IReadOnlyList<string> given)
    {
        var problems = new List<Problem>();
        GivenDevice[] devices = [.. Devices.Select(text => Device(text, given, problems)).OfType<GivenDevice>()];
        OpenedDevice[] rules = [.. Rules.Select(text => Rule(text, given, problems)).OfType<OpenedDevice>()];
        return problems.Count > 0 ? throw new ConfigException(problems) : (devices, rules);
    }

    /// <summary>Requires that the files on the host still are of the same devices: a number may be another device's by now.</summary>
    /// <exception cref="ContainerException">One is not.</exception>
    internal static void RequireUnchanged(IReadOnlyList<GivenDevice> devices)
    {
        foreach (GivenDevice device in devices)
        {
            OpenedDevice? now = HostDevice(device.HostPath, device.Opens.Access, out _, out string? problem);
            if (now != device.Opens)
                throw new ContainerException($"{Setting.Device}: '{device.HostPath}' {problem ?? $"was {device.Opens} and is {now} by now"}; create the container anew");
        }
    }

    // As docker reads it: a second part may be the path in the container or what is allowed.
    private static GivenDevice? Device(string text, IReadOnlyList<string> given, List<Problem> problems)
    {
        string[] parts = text.Split(':');
        string host = CleanPath.Of(parts[0]);
        bool secondIsAccess = parts.Length == 2 && IsAccess(parts[1]);
        string inside = parts.Length > 1 && !secondIsAccess ? CleanPath.Of(parts[1]) : host;
        string access = secondIsAccess || parts.Length == 3 ? parts[^1] : OpenedDevice.Everything;
        if (parts.Length > 3 || ContainerPath.CheckSeen(host) is not null || inside.Length == 0 || !IsAccess(access))
            return Refuse<GivenDevice>(
                Setting.Device, $"{Printable.Quote(text)} is no device", "write HOST[:CONTAINER][:ACCESS], such as /dev/fuse or /dev/sdc:/dev/xvdc:r", problems);
        if (!given.Contains(host))
            return Refuse<GivenDevice>(
                Setting.Device, $"the config does not give {Printable.Quote(host)}", $"add it to {Keys.Devices} of the config, if the container may have it", problems);
        if (HostDevice(host, InOrder(access), out EntryFacts facts, out string? problem) is not { } device)
            return Refuse<GivenDevice>(Setting.Device, $"{Printable.Quote(host)} {problem}", "name a device of this host", problems);
        return new GivenDevice(host, inside, device) { FileMode = (uint)facts.Permissions, Uid = facts.Uid, Gid = facts.Gid };
    }

    private static OpenedDevice? Rule(string text, IReadOnlyList<string> given, List<Problem> problems)
    {
        if (text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [("a" or "c" or "b") and var type, var number, var access] || !IsAccess(access)
            || number.Split(':') is not [var first, var second])
            return Refuse<OpenedDevice>(Setting.DeviceCgroupRule, $"{Printable.Quote(text)} is no rule", "write TYPE MAJOR:MINOR ACCESS, such as 'c 10:229 rw'", problems);
        if (type == "a" || Number(first) is not { } major || Number(second) is not { } minor)
            return Refuse<OpenedDevice>(Setting.DeviceCgroupRule, $"{Printable.Quote(text)} stands for more than one device",
                $"write a rule for each, as 'c 10:229 rw', and name the devices in {Keys.Devices} of the config", problems);
        var asked = new OpenedDevice(type, major, minor, InOrder(access));
        return given.Any(path => HostDevice(path, asked.Access, out _, out _) == asked) ? asked
            : Refuse<OpenedDevice>(Setting.DeviceCgroupRule, $"the config gives no device {type} {major}:{minor}", $"add its path to {Keys.Devices} of the config", problems);
    }

    /// <summary>
    /// What device a path of the host leads to. A link on the way is refused: the path is the one that the config has, and whoever may change a link
    /// could have another device given.
    /// </summary>
    private static OpenedDevice? HostDevice(string path, string access, out EntryFacts facts, out string? problem)
    {
        facts = default;
        using SafeFileHandle root = PathCalls.Open("/", PathCalls.O_PATH | PathCalls.O_DIRECTORY, out int errno) ?? throw new IOException($"/: {Errno.Text(errno)}");
        // With O_PATH the device itself is not opened: that may wait, rewind a tape or reset a line.
        using SafeFileHandle? opened = PathCalls.OpenBelow(root, path[1..], PathCalls.O_PATH, PathCalls.Resolve.NoSymlinks | PathCalls.Resolve.Beneath, out errno);
        problem = errno switch
        {
            0 => null,
            Errno.ELOOP => "leads over a symbolic link, which may lead elsewhere tomorrow",
            _ => $"cannot be opened: {Errno.Text(errno)}",
        };
        if (opened is null)
            return null;
        facts = EntryFacts.Of(opened);
        if (facts.Type is FileKind.CharacterDevice or FileKind.BlockDevice)
            return new OpenedDevice(facts.Type == FileKind.BlockDevice ? "b" : "c", facts.Node.Major, facts.Node.Minor, access);
        problem = $"is a {facts.Kind}, not a device";
        return null;
    }

    private static long? Number(string text) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) ? number : null;

    private static bool IsAccess(string text) =>
        text.Length is > 0 and <= 3 && text.All(OpenedDevice.Everything.Contains) && text.Distinct().Count() == text.Length;

    // The order in which the kernel writes it.
    private static string InOrder(string access) => string.Concat(OpenedDevice.Everything.Where(access.Contains));

    private static T? Refuse<T>(Setting setting, string what, string hint, List<Problem> problems)
        where T : class
    {
        problems.Add(new Problem("", what, hint, Origin.FromFlag(setting)));
        return null;
    }
}
