using Podspawn.Oci.Errors;
using Podspawn.Oci.Images.Building;
using Podspawn.Oci.Images.Fetching;
using Podspawn.Oci.Images.References;
using Podspawn.Oci.Images.Store;
using Podspawn.Oci.Images.Tools;
using Podspawn.Oci.Native;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Images.Loading;

/// <summary>An image that was loaded.</summary>
/// <param name="Record">Its record.</param>
/// <param name="Names">The names that it came with.</param>
public sealed record LoadedImage(ImageRecord Record, IReadOnlyList<string> Names);

/// <summary>Loads saved images into a store: all that a file has, under the names that it has for them.</summary>
/// <param name="store">The store.</param>
/// <param name="options">The limits, and the signature policy.</param>
/// <param name="watcher">Receives the progress.</param>
/// <param name="signals">The source of a signal that ends the work; null for none.</param>
public sealed class ImageLoader(ImageStore store, FetchOptions options, IFetchWatcher watcher, ISignalSource? signals)
{
    /// <summary>Loads the images of a file.</summary>
    /// <param name="file">What docker save writes or an OCI image layout, in an archive, as it is or compressed; a layout's directory; <c>-</c> for the standard input.</param>
    /// <exception cref="ImageException">The file has no image, or one that cannot be kept; those before it stay.</exception>
    public IReadOnlyList<LoadedImage> Load(string file)
    {
        if (file != ArchiveSource.StandardInput && Directory.Exists(file))
        {
            string path = Path.GetFullPath(file);
            LocalFiles.Require(new ImageSource(ImageTransport.OciLayout, path, null, null, Bare: false, file));
            return LoadAll(ArchiveContents.ReadDirectory(path, file), path, file);
        }
        // Before anything is made: a file that is not there makes no store.
        using ArchiveSource source = ArchiveSource.Open(file, "a saved image");
        store.Prepare();
        using Staging staging = Staging.Begin(store.Paths);
        string archive = $"{staging.Directory}/archive.tar";
        ArchiveContents contents;
        using (var interrupt = new Interruption(signals))
        {
            try
            {
                Spool(source, file, archive, staging, interrupt.Token);
                contents = ArchiveContents.Read(archive, source.Name, interrupt.Token);
            }
            catch (OperationCanceledException)
            {
                throw new ImageException($"{source.Name}: interrupted; nothing of it is kept", ExitCodes.OfSignal(interrupt.Signal));
            }
            catch (IOException e)
            {
                throw new ImageException($"{source.Name}: {e.Message}; make room on the store's filesystem, or name another with {Setting.DataRoot}");
            }
            finally
            {
                watcher.End();
            }
        }
        return LoadAll(contents, archive, source.Name);
    }

    private List<LoadedImage> LoadAll(ArchiveContents contents, string path, string shown)
    {
        var fetcher = new ImageFetcher(store, options, watcher, signals);
        var loaded = new List<LoadedImage>();
        foreach (ContainedImage image in contents.Images)
        {
            var source = new ImageSource(contents.Transport, path, image.Selector, null, Bare: false, shown);
            loaded.Add(new LoadedImage(fetcher.Load(source, shown, image.Names), image.Names));
        }
        return loaded;
    }

    // skopeo reads an archive from its end to its beginning, and splits paths at colons: it gets a file of ours.
    private void Spool(ArchiveSource source, string file, string archive, Staging staging, CancellationToken cancel)
    {
        if (source.Compression is null && ArchiveSource.LengthOf(file) > 0)
        {
            File.CreateSymbolicLink(archive, Path.GetFullPath(file));
            return;
        }
        watcher.Begin(source.Name, FetchStage.Importing, ArchiveSource.LengthOf(file));
        using var plain = new PlainArchive(source, staging.Environment, watcher.Advance, cancel);
        using FileStream to = File.Create(archive);
        byte[] buffer = new byte[1 << 17];
        for (int got = plain.Content.Read(buffer); got > 0; got = plain.Content.Read(buffer))
        {
            to.Write(buffer, 0, got);
            if (to.Length > options.MaxSize)
            {
                throw new LimitException(
                    $"{source.Name}: is larger than {ByteSize.Format(options.MaxSize)} once decompressed; if that is what you want, allow more with {Setting.MaxSize}");
            }
        }
    }
}
