using Podspawn.Oci.Errors;
using Podspawn.Oci.Images.Exporting;
using Podspawn.Oci.Images.Fetching;
using Podspawn.Oci.Images.References;
using Podspawn.Oci.Images.Store;
using Podspawn.Oci.Images.Tools;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Images.Saving;

/// <summary>The forms in which images are saved.</summary>
public enum SaveFormat
{
    /// <summary>What docker save writes.</summary>
    DockerArchive,

    /// <summary>An OCI image layout in a tar archive.</summary>
    OciArchive,

    /// <summary>An OCI image layout in a directory.</summary>
    OciDirectory,
}

/// <summary>Saves images of a store to files.</summary>
/// <param name="store">The store.</param>
/// <param name="maxSize">The limit of the images' layers once decompressed, in bytes.</param>
/// <param name="signals">The source of a signal that ends the work; null for none.</param>
public sealed class ImageSaver(ImageStore store, long maxSize, ISignalSource? signals)
{
    /// <summary>Whether the layers of an OCI image layout are tar archives as they are, not compressed, as docker save's always are.</summary>
    public bool Uncompressed { get; init; }

    /// <summary>Saves images to a file or a directory, which is complete or absent.</summary>
    /// <param name="sources">The images. One that is named keeps that name.</param>
    /// <param name="format">The form.</param>
    /// <param name="file">The file, which is replaced, or the directory, which must not exist or be empty.</param>
    /// <exception cref="ImageException">The work failed; nothing is left.</exception>
    public void Save(IReadOnlyList<ImageSource> sources, SaveFormat format, string file)
    {
        if (format == SaveFormat.OciDirectory)
            With(sources, (images, staging) => SaveDirectory(images, staging, file));
        else
            With(sources, (images, staging) => ExportFile.Write(file, signals, (stream, cancel) => Write(images, staging, format, stream, cancel)));
    }

    /// <summary>Saves images to a stream.</summary>
    /// <inheritdoc cref="Save(IReadOnlyList{ImageSource}, SaveFormat, string)" path="/exception"/>
    public void Save(IReadOnlyList<ImageSource> sources, SaveFormat format, Stream output)
    {
        if (format == SaveFormat.OciDirectory)
            throw new ImageException($"a directory cannot go to the standard output; name it with {Setting.Output}");
        With(sources, (images, staging) =>
        {
            using var interrupt = new Interruption(signals);
            try
            {
                return Write(images, staging, format, output, interrupt.Token);
            }
            catch (OperationCanceledException)
            {
                throw new ImageException("standard output: interrupted; what has been written is not complete", ExitCodes.OfSignal(interrupt.Signal));
            }
            catch (IOException e)
            {
                throw new ImageException($"standard output: cannot be written: {e.Message}; see that its reader takes all of it");
            }
        });
    }

    private void With(IReadOnlyList<ImageSource> sources, Func<IReadOnlyList<ImageContent>, Staging, bool> use)
    {
        var leases = new List<ImageLease>();
        try
        {
            var wanted = new List<(ImageRecord Record, List<string> Names)>();
            foreach (ImageSource source in sources)
            {
                (ImageRecord record, string? name) = store.Resolve(source) ?? throw new NoSuchImageException(source.Text);
                leases.Add(store.Hold(record) ?? throw new NoSuchImageException(source.Text));
                if (wanted.All(other => other.Record.Digest != record.Digest))
                    wanted.Add((record, []));
                List<string> names = wanted.First(other => other.Record.Digest == record.Digest).Names;
                if (name is not null && ImageName.OfStored(name) is { Digest: null } called && !names.Contains(called.ToString()))
                    names.Add(called.ToString());
            }
            using Staging staging = Staging.Begin(store.Paths);
            _ = use([.. wanted.Select(image => ImageContent.Of(store.Paths, image.Record, image.Names))], staging);
        }
        finally
        {
            leases.ForEach(lease => lease.Dispose());
        }
    }

    private bool Write(IReadOnlyList<ImageContent> images, Staging staging, SaveFormat format, Stream output, CancellationToken cancel)
    {
        if (format == SaveFormat.OciArchive)
            OciArchive.Write(output, Layouts(images, staging, cancel), cancel);
        else
            new DockerArchive(output, $"{staging.Directory}/layer", maxSize, cancel).Write([.. images.Select(image => Readable(image, staging, cancel))]);
        return true;
    }

    private IReadOnlyList<ImageContent> Layouts(IReadOnlyList<ImageContent> images, Staging staging, CancellationToken cancel)
    {
        if (!Uncompressed)
            return images;
        var plain = new PlainImages($"{staging.Directory}/plain", new LayerUnpacking(maxSize, cancel), cancel);
        return [.. images.Select(image => plain.Of(Readable(image, staging, cancel)))];
    }

    // What is neither plain nor in gzip (zstd) goes through skopeo, as on its way to umoci.
    private ImageContent Readable(ImageContent image, Staging staging, CancellationToken cancel)
    {
        if (image.IsPlain)
            return image;
        ImageRecord record = store.Read(image.Manifest) ?? throw new NoSuchImageException(image.Manifest);
        string converted = $"{staging.Directory}/{Documents.Digest.Hex(image.Manifest)}";
        IReadOnlyList<string> arguments = Skopeo.Recompress(StoredLayout.Make(staging, store.Paths, record), converted, staging.Temporary);
        var limits = new ToolLimits(maxSize, staging.Directory, TimeSpan.MaxValue, _ => { });
        (int status, _, string error) = ToolRun.Execute(Skopeo.Program, arguments, staging.Environment, limits, cancel);
        return status == 0 ? ImageContent.Read(converted, image.Names) : throw ToolFailure.Of(image.Manifest, Skopeo.Program, status, error);
    }

    // Made beside its place and renamed, so that it is there whole or not at all.
    private bool SaveDirectory(IReadOnlyList<ImageContent> images, Staging staging, string directory)
    {
        string path = Path.GetFullPath(directory).TrimEnd('/');
        if (path.Length == 0
            || (FileKind.FactsOf(path) is { } there && (there.Type != FileKind.Directory || Directory.EnumerateFileSystemEntries(path).Any())))
            throw new ImageException($"{directory}: is there already, and no empty directory; name one that is not there");
        string beside = $"{Path.GetDirectoryName(path)!.TrimEnd('/')}/.{Guid.NewGuid():N}.part";
        using var interrupt = new Interruption(signals);
        try
        {
            Directory.CreateDirectory(beside);
            OciArchive.WriteDirectory(beside, Layouts(images, staging, interrupt.Token), interrupt.Token);
            if (Directory.Exists(path))
                Directory.Delete(path);
            Directory.Move(beside, path);
            return true;
        }
        catch (OperationCanceledException)
        {
            throw new ImageException($"{directory}: interrupted; nothing of it is kept", ExitCodes.OfSignal(interrupt.Signal));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImageException($"{directory}: cannot be written: {e.Message}; make room there, or name another directory");
        }
        finally
        {
            TreeRemoval.Remove(beside);
        }
    }
}
