using System.Text.Json;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.Images.References;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Images.Store;

/// <summary>An image of the store.</summary>
/// <param name="Record">Its record.</param>
/// <param name="Names">Its names; may be empty.</param>
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
    /// The default path of the store: /var/lib/podspawn-oci for root (hier(7)); for other users below XDG_DATA_HOME (XDG Base Directory
    /// Specification), by default ~/.local/share.
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

    /// <summary>Opens the store, and removes what interrupted work left in it; creates nothing.</summary>
    /// <param name="root">Its directory; null for the default one.</param>
    /// <exception cref="ImageException">The path cannot be used.</exception>
    public static ImageStore Open(string? root = null)
    {
        string path = Path.GetFullPath(root ?? DefaultRoot).TrimEnd('/');
        // skopeo splits paths at colons, overlayfs at commas and colons.
        if (path.Length == 0 || path.AsSpan().ContainsAny(":,\\\n\0"))
            throw new ImageException($"{Setting.DataRoot}: '{path}' cannot be a store's directory; name one without ':', ',', backslashes and line breaks in its path");
        var store = new ImageStore(new StorePaths(path));
        Staging.Sweep(store.Paths);
        return store;
    }

    /// <summary>Finds the image by a source's name, or by a digest or an unambiguous prefix of one; null where the store has none.</summary>
    /// <exception cref="ImageException">A prefix matches several images.</exception>
    public ImageRecord? Find(ImageSource source) => Resolve(source)?.Record;

    /// <summary>Like <see cref="Find"/>, but a missing image is an error.</summary>
    /// <exception cref="NoSuchImageException">The store has no such image.</exception>
    /// <inheritdoc cref="Find" path="/exception"/>
    public ImageRecord Require(ImageSource source) => Find(source) ?? throw new NoSuchImageException(source.Text);

    /// <summary>The image that a text stands for, and the name that was meant; the name is null where the image was found by its content.</summary>
    /// <inheritdoc cref="Find" path="/exception"/>
    internal (ImageRecord Record, string? Name)? Resolve(ImageSource source)
    {
        foreach (ImageSource wanted in Spellings(source))
        {
            if (Names.Find(wanted) is { } named && Read(named.Digest) is { } record)
                return (record, wanted.Full());
        }
        if (source.Name is { Digest: { } digest } name && FindByContent(name, digest) is { } same)
            return (same, null);
        return source.Bare && FindByPrefix(source.Text) is { } found ? (found, null) : null;
    }

    /// <summary>The image with this digest; null where the store has none.</summary>
    public ImageRecord? Read(string digest) => ImageRecordJson.Read(Paths.Unpacked(digest).Record);

    /// <summary>An image's configuration, with what only people read.</summary>
    /// <exception cref="ImageException">It is missing, or not what the OCI image spec asks for.</exception>
    public ImageDetails DetailsOf(ImageRecord record) => ImageJson.ReadDetails(Paths.Blob(record.Config));

    /// <summary>An image's labels; none where its configuration cannot be read.</summary>
    public IReadOnlyDictionary<string, string?> LabelsOf(ImageRecord record)
    {
        try
        {
            return DetailsOf(record).Config?.Labels ?? new Dictionary<string, string?>();
        }
        catch (ImageException)
        {
            return new Dictionary<string, string?>();
        }
    }

    /// <summary>The annotations of an image's manifest.</summary>
    /// <exception cref="ImageException">It is missing, or not what the OCI image spec asks for.</exception>
    public IReadOnlyDictionary<string, string?> AnnotationsOf(ImageRecord record) =>
        ImageJson.ReadManifest(Paths.Blob(record.Digest)).Annotations is { ValueKind: JsonValueKind.Object } notes
            ? notes.EnumerateObject().Where(note => note.Value.ValueKind == JsonValueKind.String).DistinctBy(note => note.Name)
                .ToDictionary(note => note.Name, note => note.Value.GetString())
            : new Dictionary<string, string?>();

    /// <summary>Where an image is unpacked. It is shared, so it must not be written to.</summary>
    public string RootOf(ImageRecord record) => Paths.Unpacked(record.Digest).RootFilesystem;

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

    /// <summary>Protects an image from removal until the lease is disposed of; null where it was removed meanwhile.</summary>
    public ImageLease? Hold(ImageRecord record)
    {
        UnpackedPaths unpacked = Paths.Unpacked(record.Digest);
        return FileLock.ShareExisting(unpacked.Lock) is { } held ? new ImageLease(record, unpacked, held) : null;
    }

    /// <summary>Creates the store's directories.</summary>
    /// <exception cref="ImageException">The directories cannot be created.</exception>
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

    /// <summary>Moves an unpacked image into the store under a name, unless one with the same content already exists.</summary>
    /// <param name="record">Its record.</param>
    /// <param name="prepared">A staging directory of this store, with the root filesystem in <c>rootfs</c>.</param>
    /// <param name="name">The full name; null for an image without one.</param>
    /// <param name="stamp">The identity of the file that it was read from; null where there was no file.</param>
    internal void Adopt(ImageRecord record, string prepared, string? name, string? stamp)
    {
        var ready = new UnpackedPaths(prepared);
        ImageRecordJson.Write(ready.Record, record);
        File.WriteAllBytes(ready.Lock, []);
        File.SetUnixFileMode(ready.Lock, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        // A lock's time of 1970 means that the image has not been used yet.
        File.SetLastWriteTimeUtc(ready.Lock, DateTime.UnixEpoch);
        // Everything is on disk before the image appears: after a loss of power a name must not exist without its content.
        FileSystemCalls.SyncAll(prepared);
        UnpackedPaths place = Paths.Unpacked(record.Digest);
        // The image never exists without its name: prune would remove it.
        using FileLock store = FileLock.Take(Paths.Lock);
        bool there = Read(record.Digest) is not null;
        // An existing image that cannot be read was written by another version of this program, and is useless.
        if (!there && Directory.Exists(place.Directory))
            Directory.Move(place.Directory, $"{prepared}.replaced");
        if (!there)
            Directory.Move(prepared, place.Directory);
        if (name is not null)
            Names.Set(name, new NamedImage(record.Digest, stamp));
    }

    /// <summary>Gives a name to an image of the store; false where the image was removed meanwhile.</summary>
    /// <inheritdoc cref="Adopt" path="/param"/>
    internal bool TrySetName(string name, string digest, string? stamp = null)
    {
        using FileLock store = FileLock.Take(Paths.Lock);
        if (Read(digest) is null)
            return false;
        Names.Set(name, new NamedImage(digest, stamp));
        return true;
    }

    // A name without a registry may also be that of an image that podman has made here, and saved.
    private static IEnumerable<ImageSource> Spellings(ImageSource source)
    {
        if (source.Transport != ImageTransport.Registry || source.Name is not null)
            yield return source;
        if (source.OfThisHost is { } local)
            yield return ImageSource.Parse(local.ToString());
    }

    private ImageRecord? FindByContent(ImageName name, string digest) =>
        Digest.IsValid(digest) && Read(digest) is { } record && Names.All().Any(other => other.Digest == digest && IsOf(other.Name, name.Repository)) ? record : null;

    private static bool IsOf(string name, string repository) =>
        name.StartsWith(repository, StringComparison.Ordinal) && name.AsSpan(repository.Length) is [':' or '@', ..];

    // Docker and podman know an image by its configuration's digest, registries know it by its manifest's.
    private ImageRecord? FindByPrefix(string text)
    {
        const string Algorithm = "sha256:";
        string prefix = text.StartsWith(Algorithm, StringComparison.Ordinal) ? text[Algorithm.Length..] : text;
        if (prefix.Length is < ShortestPrefix or > 64 || !Digest.IsHex(prefix) || !Directory.Exists(Paths.Roots))
            return null;
        if (prefix.Length == 64 && Read(Digest.FromHex(prefix)) is { } exact)
            return exact;
        string[] fitting =
        [
            .. All().Select(image => image.Record).Where(record => Digest.Hex(record.Digest).StartsWith(prefix, StringComparison.Ordinal)
                || record.Config.AsSpan(Algorithm.Length).StartsWith(prefix)).Select(record => record.Digest),
        ];
        if (fitting.Length > 1)
            throw new ImageException($"image '{text}': {fitting.Length} images begin with that; give more digits, or the digest of one: {string.Join(", ", fitting)}");
        return fitting.Length == 1 ? Read(fitting[0]) : null;
    }

    private DateTimeOffset? UsedAt(ImageRecord record)
    {
        DateTime time = File.GetLastWriteTimeUtc(Paths.Unpacked(record.Digest).Lock);
        return time.Year > 1970 ? new DateTimeOffset(time) : null;
    }
}
