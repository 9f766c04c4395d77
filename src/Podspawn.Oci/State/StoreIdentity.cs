using System.Globalization;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.State;

/// <summary>
/// Identifies the store in a state directory, and the place where its records are valid. Layers and cgroups carry it: in a chroot or another mount
/// namespace, the same path can belong to another store.
/// </summary>
/// <param name="Store">Twelve random hexadecimal digits.</param>
/// <param name="Boot">The beginning of the kernel's boot id: after another boot none of its processes lives.</param>
/// <param name="Host">Distinguishes this host from one with its own kernel that shares the data directory.</param>
/// <param name="PidNamespace">The pid namespace in which its process ids are valid.</param>
/// <param name="Place">The state directory itself: a copy of it is another place.</param>
internal sealed record StoreIdentity(string Store, string Boot, string Host, string PidNamespace, string Place)
{
    private const int StoreLength = 12;
    private const int BootLength = 12;
    private const int HostLength = 8;

    /// <summary>The name where there is no store yet: no store is called so.</summary>
    internal const string NoStore = "none";

    /// <summary>The name of the directory with the store's layers: it tells which layers were left by an earlier boot.</summary>
    internal string LayersName => $"{Store}-{Boot}-{Host}";

    /// <summary>The content of the identity file.</summary>
    internal string Text => $"{Store} {Boot} {Host} {PidNamespace} {Place}\n";

    /// <summary>Creates the identity of a new store in that state directory, as seen by this process.</summary>
    internal static StoreIdentity New(string runDirectory) => Here(Guid.NewGuid().ToString("N")[..StoreLength], runDirectory);

    /// <summary>The identity that this process would write for a store of that name.</summary>
    internal static StoreIdentity Here(string store, string runDirectory) => new(store, ThisBoot(), ThisHost(), InodeOf("/proc/self/ns/pid"), InodeOf(runDirectory));

    /// <summary>Parses the content of an identity file; null where it is not one.</summary>
    internal static StoreIdentity? Parse(string text) =>
        text.TrimEnd('\n').Split(' ') is [{ Length: StoreLength } store, { Length: BootLength } boot, { Length: HostLength } host, { Length: > 0 } pids, { Length: > 0 } place]
        && IsHex(store) && IsHex(boot) && IsHex(host)
            ? new StoreIdentity(store, boot, host, pids, place)
            : null;

    /// <summary>
    /// Whether a directory of layers was left by an earlier boot of this very host: its owner is dead then. Another host, or a sandbox with its own
    /// kernel, has another boot id while it lives.
    /// </summary>
    internal static bool IsDead(string layersName) => layersName.Split('-') is [_, var boot, var host] && Named(layersName) && host == ThisHost() && boot != ThisBoot();

    /// <summary>Whether a directory has a name like a store's layers.</summary>
    internal static bool Named(string layersName) =>
        layersName.Split('-') is [{ Length: StoreLength } store, { Length: BootLength } boot, { Length: HostLength } host] && IsHex(store) && IsHex(boot) && IsHex(host);

    /// <summary>Splits a cgroup's name into what stands before the store's name, and the store's name at its end; null where there is none.</summary>
    internal static (string Id, string Store)? Split(string named)
    {
        int dash = named.LastIndexOf('-');
        return dash > 0 && named.Length - dash - 1 == StoreLength && IsHex(named[(dash + 1)..]) ? (named[..dash], named[(dash + 1)..]) : null;
    }

    private static string ThisBoot() => SmallFile.Read("/proc/sys/kernel/random/boot_id")?.Replace("-", "", StringComparison.Ordinal) is { Length: >= BootLength } boot
        ? boot[..BootLength]
        : throw new ContainerException("/proc/sys/kernel/random/boot_id: cannot be read, so nobody could tell afterwards whose containers these are; mount /proc");

    // Thirty-two bits of the machine id, by FNV-1a: machine-id(5) asks not to reveal it, and a better hash would cost each launch milliseconds. A
    // host without a machine id has none in any boot.
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
