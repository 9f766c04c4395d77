using System.Globalization;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.State;

/// <summary>
/// Which store a state directory is, and where what is written in it counts. Layers and cgroups carry it: a path alone is another store's as well, in a
/// chroot or in another mount namespace.
/// </summary>
/// <param name="Store">Twelve random hexadecimal digits.</param>
/// <param name="Boot">The beginning of the kernel's boot id: after another boot none of its processes lives.</param>
/// <param name="Host">Tells this host from one with a kernel of its own that shares the data directory.</param>
/// <param name="PidNamespace">Where its process ids mean something.</param>
/// <param name="Place">The state directory itself: a copy of it is another one.</param>
internal sealed record StoreIdentity(string Store, string Boot, string Host, string PidNamespace, string Place)
{
    private const int StoreLength = 12;
    private const int BootLength = 12;
    private const int HostLength = 8;

    /// <summary>Where there is no store yet: nothing has this name.</summary>
    internal const string NoStore = "none";

    /// <summary>The name of the directory with the store's layers: what is left of a boot that is over can be told by it.</summary>
    internal string LayersName => $"{Store}-{Boot}-{Host}";

    /// <summary>What a file holds.</summary>
    internal string Text => $"{Store} {Boot} {Host} {PidNamespace} {Place}\n";

    /// <summary>A new store in that state directory, as seen by this process.</summary>
    internal static StoreIdentity New(string runDirectory) => Here(Guid.NewGuid().ToString("N")[..StoreLength], runDirectory);

    /// <summary>A store of that name, as this process would write it down.</summary>
    internal static StoreIdentity Here(string store, string runDirectory) => new(store, ThisBoot(), ThisHost(), InodeOf("/proc/self/ns/pid"), InodeOf(runDirectory));

    /// <summary>What a file says; null where it says nothing of the kind.</summary>
    internal static StoreIdentity? Parse(string text) =>
        text.TrimEnd('\n').Split(' ') is [{ Length: StoreLength } store, { Length: BootLength } boot, { Length: HostLength } host, { Length: > 0 } pids, { Length: > 0 } place]
        && IsHex(store) && IsHex(boot) && IsHex(host)
            ? new StoreIdentity(store, boot, host, pids, place)
            : null;

    /// <summary>
    /// Whether a directory of layers is left from an earlier boot of this very host: its owner is dead then. Another host, or a sandbox with a kernel of
    /// its own, has another boot id while it lives.
    /// </summary>
    internal static bool IsDead(string layersName) => layersName.Split('-') is [_, var boot, var host] && Named(layersName) && host == ThisHost() && boot != ThisBoot();

    /// <summary>Whether a directory is named as a store's layers are.</summary>
    internal static bool Named(string layersName) =>
        layersName.Split('-') is [{ Length: StoreLength } store, { Length: BootLength } boot, { Length: HostLength } host] && IsHex(store) && IsHex(boot) && IsHex(host);

    /// <summary>The store's name at the end of a cgroup's, and what stands before it; null where there is none.</summary>
    internal static (string Id, string Store)? Split(string named)
    {
        int dash = named.LastIndexOf('-');
        return dash > 0 && named.Length - dash - 1 == StoreLength && IsHex(named[(dash + 1)..]) ? (named[..dash], named[(dash + 1)..]) : null;
    }

    private static string ThisBoot() => SmallFile.Read("/proc/sys/kernel/random/boot_id")?.Replace("-", "", StringComparison.Ordinal) is { Length: >= BootLength } boot
        ? boot[..BootLength]
        : throw new ContainerException("/proc/sys/kernel/random/boot_id: cannot be read, so nobody could tell afterwards whose containers these are; mount /proc");

    // Thirty-two bits of it, by FNV-1a: machine-id(5) asks not to show it, and what would do so better costs a launch milliseconds. Where there is none,
    // no boot of this host has one.
    private static string ThisHost()
    {
        uint sum = 2166136261;
        foreach (char c in SmallFile.Read("/etc/machine-id")?.Trim() ?? "")
            sum = (sum ^ c) * 16777619;
        return sum.ToString("x8", CultureInfo.InvariantCulture);
    }

    private static string InodeOf(string path) => FileStatus.Of(path, out FileStatus status)
        ? string.Create(CultureInfo.InvariantCulture, $"{status.DeviceMajor}:{status.DeviceMinor}:{status.Inode}")
        : throw new ContainerException($"{path}: cannot be looked at; mount /proc, and run podspawn-oci as root");

    private static bool IsHex(string text) => text.All(char.IsAsciiHexDigitLower);
}
