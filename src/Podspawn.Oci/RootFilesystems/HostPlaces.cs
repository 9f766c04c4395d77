using Podspawn.Oci.Native;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.RootFilesystems;

/// <summary>
/// Directories that belong to the host's own system. They are recognized by their identity, not by their name: a link, <c>..</c> or a bind mount does
/// not turn <c>/etc</c> into another directory.
/// </summary>
internal static class HostPlaces
{
    // Each is used by the host itself (hier(7)), though a user's own files may well lie below most of them. Not /mnt: another system's root is usually mounted there.
    private static readonly string[] Own =
    [
        "/", "/bin", "/boot", "/dev", "/etc", "/home", "/lib", "/lib32", "/lib64", "/libx32", "/media", "/opt", "/proc", "/root", "/run",
        "/sbin", "/srv", "/sys", "/tmp", "/usr", "/usr/bin", "/usr/lib", "/usr/lib64", "/usr/local", "/usr/sbin", "/usr/share", "/var", "/var/cache",
        "/var/lib", "/var/log", "/var/spool", "/var/tmp",
    ];

    // Those that volumes often come from, and that contain nothing that the host needs to run.
    private static readonly string[] ForData = ["/home", "/media", "/opt", "/srv", "/tmp", "/usr/local", "/usr/share", "/var/cache", "/var/log", "/var/spool", "/var/tmp"];

    // Everything below these belongs to the host alone.
    private static readonly string[] Wholly = ["/boot", "/dev", "/etc", "/proc", "/sys"];

    private const string SharedMemory = "/dev/shm";

    /// <summary>Refuses a directory of the host's own system, or of our state, as a container's root.</summary>
    /// <param name="root">The directory, opened.</param>
    /// <param name="state">The directories of our own state.</param>
    /// <param name="exempt">The one directory of our state that is made to be a root.</param>
    /// <exception cref="RootFilesystemException">The directory is such a directory.</exception>
    internal static void RefuseAsRoot(RootFilesystem root, IReadOnlyList<string> state, string exempt)
    {
        string? place = PlaceOf(root.Path) ?? (FileKind.FactsOf(root.Directory) is { } facts ? SameAs(facts, Own) : null);
        if (place is not null || KernelFiles.Are(root.Directory))
        {
            string which = place is null ? "it is of a filesystem of the kernel's" : root.Path == place ? "it is the host's own" : $"it is, or is in, the host's own {place}";
            throw new RootFilesystemException(root.Path, $"is no root filesystem for a container: {which}", "name a directory that holds a root filesystem of its own");
        }
        if (root.Path != exempt && IsOfState(root.Path, state))
            throw new RootFilesystemException(root.Path, "belongs to the store of images and containers, and may only be changed by it",
                "name the image or container, or export it to a directory first");
    }

    /// <summary>Whether a path lies in one of the directories that hold our own state.</summary>
    internal static bool IsOfState(string real, IReadOnlyList<string> state)
    {
        foreach (string directory in state)
        {
            if (ContainerPath.IsAtOrBelow(real, directory) || ContainerPath.IsAtOrBelow(real, RealPath.Of(directory) ?? directory))
                return true;
        }

        return false;
    }

    // Programs that the host runs, and what they need, lie below these.
    private static readonly string[] Programs = ["/bin", "/lib", "/lib32", "/lib64", "/libx32", "/sbin", "/usr"];

    /// <summary>Whether a path, free of links, is a directory of the host's own system or lies in one that is the host's alone: its owner must stay.</summary>
    internal static bool IsOfSystem(string real) => PlaceOf(real) is not null || KernelFiles.AreAt(real)
        || (FileKind.FactsOf(real) is { } facts && SameAs(facts, Own) is not null)
        || Programs.Any(directory => ContainerPath.IsAtOrBelow(real, directory));

    /// <summary>A note on what a volume exposes beyond the user's own files; null for none.</summary>
    /// <param name="source">Its path on the host, which need not exist.</param>
    /// <param name="readOnly">Whether it is mounted read-only.</param>
    internal static Note? RemarkOn(string source, bool readOnly)
    {
        if (FileKind.FactsOf(source) is not { } facts)
            return null;
        string real = RealPath.Of(source) ?? source;
        string name = real == source ? $"'{source}'" : $"'{source}' ({real})";
        if (facts.Type == FileKind.Socket)
            return Warning($"{name} is a socket of the host: what listens there does for the container what it would do for root");
        if (facts.Type is FileKind.CharacterDevice or FileKind.BlockDevice)
            return Warning($"{name} is a device of the host");
        string? place = PlaceOf(real) ?? SameAs(facts, Own);
        bool kernel = KernelFiles.AreAt(source);
        if (!kernel && (place is null || ForData.Contains(place)))
            return null;
        string what = $"{name} is {(kernel ? "of a filesystem of the host's kernel" : place == "/" ? "the host's whole filesystem, with all of its secrets"
            : $"of the host's own {place}")}";
        // A single read-only file of /etc (the time zone, certificates) is common and harmless.
        bool small = readOnly && place == "/etc" && facts.Type == FileKind.Regular;
        return small ? new Note("", NoteSeverity.Info, what) : Warning($"{what}; the container's root can {(readOnly ? "read" : "change")} it as the host's can");
    }

    private static Note Warning(string text) => new("", NoteSeverity.Warning, text);

    private static string? PlaceOf(string real)
    {
        if (Own.Contains(real))
            return real;
        foreach (string directory in Wholly)
        {
            if (ContainerPath.IsAtOrBelow(real, directory) && !real.StartsWith(SharedMemory + "/", StringComparison.Ordinal))
                return directory;
        }

        return null;
    }

    private static string? SameAs(FileKind.Facts facts, IReadOnlyList<string> directories)
    {
        if (facts.Type != FileKind.Directory)
            return null;
        foreach (string directory in directories)
        {
            if (FileKind.FactsOf(directory) is { } host && host.Identity == facts.Identity)
                return directory;
        }

        return null;
    }
}
