using Podspawn.Oci.Native;

namespace Podspawn.Oci.Images.Store;

/// <summary>An image that stays in the store as long as this is held. The kernel releases it when the holder dies.</summary>
public sealed class ImageLease : IDisposable
{
    private readonly UnpackedPaths paths;
    private readonly FileLock held;

    internal ImageLease(ImageRecord record, UnpackedPaths paths, FileLock held)
    {
        Record = record;
        this.paths = paths;
        this.held = held;
    }

    /// <summary>The image.</summary>
    public ImageRecord Record { get; }

    /// <summary>Its root filesystem. It is shared, so it must not be written to.</summary>
    public string RootPath => paths.RootFilesystem;

    /// <summary>Records that the image was used now.</summary>
    internal void Touch()
    {
        try
        {
            File.SetLastWriteTimeUtc(paths.Lock, DateTime.UtcNow);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A store on a read-only filesystem works as well, without this record.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => held.Dispose();
}
