using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Lifecycle.Copying;

/// <summary>The target of a copy: an existing directory, or a name in one.</summary>
/// <param name="Directory">The directory, open for reading.</param>
/// <param name="Name">The name in that directory; null where the directory itself was named.</param>
/// <param name="Exists">Whether the name exists and is not a directory.</param>
/// <param name="AssertsDirectory">Whether the path says that it is a directory.</param>
/// <param name="Shown">Its name in messages.</param>
internal sealed record CopyTarget(SafeFileHandle Directory, EntryName? Name, bool Exists, bool AssertsDirectory, string Shown) : IDisposable
{
    private const int MostLinks = 16;

    /// <summary>How messages name the container, before its paths; empty for the host.</summary>
    internal required string Side { get; init; }

    /// <summary>Finds what is there for mounts of the container.</summary>
    internal Func<IReadOnlySet<FileIdentity>> MountPoints { get; init; } = () => new HashSet<FileIdentity>();

    /// <summary>Makes the error where it, or the directory above it, does not exist.</summary>
    internal required Func<ContainerException> Missing { get; init; }

    /// <summary>Opens a target. Links are followed within the tree's root, also to targets that do not exist yet.</summary>
    /// <exception cref="ContainerException">The target's directory does not exist.</exception>
    internal static CopyTarget Open(CopyTree tree, string path)
    {
        string shown = $"{tree.Shown}{path}", at = path;
        ContainerException Missing() => tree.Missing(path);
        bool asserts = CopyPath.Of(path).AssertsDirectory;
        CopyTarget Found(SafeFileHandle directory, EntryName? name, bool exists) => new(KernelRule.RequireWritable(directory, shown), name, exists, asserts, shown)
        {
            Missing = Missing,
            Side = tree.Shown,
            MountPoints = tree.MountPoints,
        };
        for (int links = 0; links <= MostLinks; links++)
        {
            if (tree.Open(at, PathCalls.O_RDONLY | PathCalls.O_DIRECTORY, out int errno) is { } directory)
                return Found(directory, null, exists: false);
            CopyPath parts = CopyPath.Of(at);
            if (errno is not (Errno.ENOENT or Errno.ENOTDIR) || parts.Name.Length == 0)
                throw CopyFailure.Of(shown, errno);
            SafeFileHandle parent = tree.Open(parts.Directory, PathCalls.O_RDONLY | PathCalls.O_DIRECTORY, out errno)
                ?? throw (errno == Errno.ENOENT ? Missing() : CopyFailure.Of(shown, Errno.Text(errno)));
            EntryName name = EntryName.Of(parts.Name);
            using SafeFileHandle? entry = EntryCalls.Open(parent, name, PathCalls.O_PATH, out _);
            if (entry is null || EntryFacts.Of(entry) is not { Type: FileKind.Link })
                return Found(parent, name, entry is not null);
            parent.Dispose();
            string link = EntryCalls.ReadLink(entry).Text;
            at = link.StartsWith('/') ? link : $"{parts.Directory}/{link}";
        }
        throw CopyFailure.Of(shown, Errno.ELOOP);
    }

    /// <summary>A target on the host, as the calling thread sees it now.</summary>
    /// <exception cref="ContainerException">The target's directory does not exist, or another user's link leads to it.</exception>
    internal static CopyTarget OnHost(string path)
    {
        bool asserts = CopyPath.Of(path).AssertsDirectory;
        ContainerException Missing() => CopyFailure.Missing(path, "");
        try
        {
            if (!asserts)
                RefuseLink(path);
            using OutputPlace place = OutputPlace.Find(path.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed : path, follow: true);
            bool isDirectory = place.There is { IsDirectory: true };
            EntryName opened = isDirectory ? place.Name : EntryName.Of(".");
            SafeFileHandle directory = EntryCalls.Open(place.Directory, opened, PathCalls.O_RDONLY | PathCalls.O_DIRECTORY, out int errno) ?? throw CopyFailure.Of(path, errno);
            bool exists = !isDirectory && place.There is not null;
            return new CopyTarget(KernelRule.RequireWritable(directory, path), isDirectory ? null : place.Name, exists, asserts, path) { Missing = Missing, Side = "" };
        }
        catch (UnfitFileException e)
        {
            throw e.IsMissing ? Missing() : CopyFailure.Of(path, e.Message);
        }
    }

    public void Dispose() => Directory.Dispose();

    // An earlier copy may have brought the link: the container would then choose where on the host the next copy goes.
    private static void RefuseLink(string path)
    {
        using OutputPlace named = OutputPlace.Find(path, follow: false);
        if (named.There is { Type: FileKind.Link } link && (link.Uid == 0 || link.Uid == ProcessCalls.EffectiveUser()))
            throw new UnfitFileException("is a symbolic link, and may be one that was copied out of a container; name what it leads to, end the path with '/' to follow it to a " +
                "directory, or remove it");
    }
}
