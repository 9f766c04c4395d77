using Podspawn.Oci.Errors;
using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.Images.References;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Images.Store;

/// <summary>An image of the store.</summary>
/// <param name="Record">What is remembered of it.</param>
/// <param name="Names">What it is called; may be empty.</param>
/// <param name="Used">When a container was last run from it; null for never.</param>
public sealed record StoredImage(ImageRecord Record, IReadOnlyList<string> Names, DateTimeOffset? Used);

/// <summary>
/// Images on this host: each is fetched and unpacked once, by its manifest's digest, and shared by all containers that run from it.
/// </summary>
public sealed class ImageStore
{
    private const int ShortestPrefix = 6;

    private ImageStore(StorePaths paths)
    {
        Paths = paths;
        Names = new NameIndex(paths);
    }

    /// <summary>
    /// Where the store is unless the user says otherwise: /var/lib/podspawn-oci for root (hier(7)); for others below XDG_DATA_HOME
    /// (XDG Base Directory Specification), by default ~/.local/share.
    /// </summary>
    public static string DefaultRoot
    {
        get
        {
            if (Environment.IsPrivilegedProcess)
                return "/var/lib/podspawn-oci";
            string? data = Environment.GetEnvironmentVariable("XDG_DATA_HOME");
            return data is ['/', ..] ? $"{data.TrimEnd('/')}/podspawn-oci" : $"{Environment.GetEnvironmentVariable("HOME")}/.local/share/podspawn-oci";
        }
    }

    internal StorePaths Paths { get; }

    internal NameIndex Names { get; }

    /// <summary>Opens the store, and removes what interrupted work left in it; makes nothing.</summary>
    /// <param name="root">Its directory; null for the default one.</param>
    /// <exception cref="ImageException">The path cannot be used.</exception>
    public static ImageStore Open(string? root = null)
    {
        string path = Path.GetFullPath(root ?? DefaultRoot).TrimEnd('/');
        // skopeo cuts paths at colons, overlayfs at commas and colons too.
        if (path.Length == 0 || path.AsSpan().ContainsAny(":,\\\n\0"))
            throw new ImageException($"{Setting.DataRoot}: '{path}' cannot be a store's directory; name one without ':', ',', backslashes and line breaks in its path");
        var store = new ImageStore(new StorePaths(path));
        Staging.Sweep(store.Paths);
        return store;
    }

    /// <summary>The image that a source's name stands for, or that a digest or an unambiguous prefix of one names; null where the store has none.</summary>
    /// <exception cref="ImageException">A prefix fits several images.</exception>
    public ImageRecord? Find(ImageSource source)
    {
        if ((source.Transport != ImageTransport.Registry || source.Name is not null) && Names.Find(source) is { } named && Read(named.Digest) is { } record)
            return record;
        return source.Bare ? FindByPrefix(source.Text) : null;
    }

    /// <summary>The image with this digest; null where the store has none.</summary>
    public ImageRecord? Read(string digest) => ImageRecordJson.Read(Paths.Unpacked(digest).Record);

    /// <summary>Every image, the newest first.</summary>
    public IReadOnlyList<StoredImage> All()
    {
        if (!Directory.Exists(Paths.Roots))
            return [];
        ILookup<string, string> names = Names.All().ToLookup(name => name.Digest, name => name.Name);
        return [.. Directory.EnumerateDirectories(Paths.Roots)
            .Select(directory => ImageRecordJson.Read(new UnpackedPaths(directory).Record))
            .OfType<ImageRecord>()
            .Select(record => new StoredImage(record, [.. names[record.Digest]], UsedAt(record)))
            .OrderByDescending(image => image.Record.Pulled)];
    }

    /// <summary>Keeps an image from being removed until the lease is disposed of; null where it was removed meanwhile.</summary>
    public ImageLease? Hold(ImageRecord record)
    {
        UnpackedPaths unpacked = Paths.Unpacked(record.Digest);
        return FileLock.ShareExisting(unpacked.Lock) is { } held ? new ImageLease(record, unpacked, held) : null;
    }

    /// <summary>Makes the store's directories.</summary>
    /// <exception cref="ImageException">They cannot be made.</exception>
    internal void Prepare()
    {
        try
        {
            PrivateDirectory.Make(Paths.Root, Paths.Blobs, Paths.BlobDirectory, Path.GetDirectoryName(Paths.Roots)!, Paths.Roots, Paths.Names, Paths.Stagings);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImageException($"{Setting.DataRoot}: {e.Message}");
        }
    }

    /// <summary>Puts an unpacked image in its place under a name, unless one with the same content is there by now.</summary>
    /// <param name="record">What to remember of it.</param>
    /// <param name="prepared">A directory in a staging of this store, with the root filesystem in <c>rootfs</c>.</param>
    /// <param name="name">The name in full; null for one that nobody has named.</param>
    /// <param name="stamp">The identity of the file that it was read from, if it was one.</param>
    internal void Adopt(ImageRecord record, string prepared, string? name, string? stamp)
    {
        var ready = new UnpackedPaths(prepared);
        ImageRecordJson.Write(ready.Record, record);
        File.WriteAllBytes(ready.Lock, []);
        File.SetUnixFileMode(ready.Lock, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        // A lock's time of 1970 says that nobody has used the image yet.
        File.SetLastWriteTimeUtc(ready.Lock, DateTime.UnixEpoch);
        // All of it on disk before it counts: a name must not outlive a loss of power where the content did not.
        FileSystemCalls.SyncAll(prepared);
        UnpackedPaths place = Paths.Unpacked(record.Digest);
        // Never there without its name: prune would take it for rubbish.
        using FileLock store = FileLock.Take(Paths.Lock);
        bool there = Read(record.Digest) is not null;
        // What is there and cannot be read is of another version of this program, and of no use.
        if (!there && Directory.Exists(place.Directory))
            Directory.Move(place.Directory, $"{prepared}.replaced");
        if (!there)
            Directory.Move(prepared, place.Directory);
        if (name is not null)
            Names.Set(name, new NamedImage(record.Digest, stamp));
    }

    /// <summary>Lets a name stand for an image of the store; false where that was removed meanwhile.</summary>
    /// <inheritdoc cref="Adopt" path="/param"/>
    internal bool TrySetName(string name, string digest, string? stamp = null)
    {
        using FileLock store = FileLock.Take(Paths.Lock);
        if (Read(digest) is null)
            return false;
        Names.Set(name, new NamedImage(digest, stamp));
        return true;
    }

    private ImageRecord? FindByPrefix(string text)
    {
        const string Algorithm = "sha256:";
        string prefix = text.StartsWith(Algorithm, StringComparison.Ordinal) ? text[Algorithm.Length..] : text;
        if (prefix.Length is < ShortestPrefix or > 64 || !Digest.IsHex(prefix) || !Directory.Exists(Paths.Roots))
            return null;
        string[] fitting = Directory.GetDirectories(Paths.Roots, $"{prefix}*");
        if (fitting.Length > 1)
            throw new ImageException($"image '{text}': {fitting.Length} images begin with that; give more digits");
        return fitting.Length == 1 ? Read(Digest.FromHex(Path.GetFileName(fitting[0]))) : null;
    }

    private DateTimeOffset? UsedAt(ImageRecord record)
    {
        DateTime time = File.GetLastWriteTimeUtc(Paths.Unpacked(record.Digest).Lock);
        return time.Year > 1970 ? new DateTimeOffset(time) : null;
    }
}
