using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Images.Exporting;

/// <summary>Writes the archive of a directory tree to a file, which is complete or absent.</summary>
public static class ExportFile
{
    /// <summary>Writes the archive. An existing file is replaced once the archive is complete; only its owner may read the new one, as with docker.</summary>
    /// <param name="directory">The tree.</param>
    /// <param name="file">The file.</param>
    /// <param name="signals">The source of a signal that ends the export; null for none.</param>
    /// <returns>The differences from the tree, which changed in the meantime.</returns>
    /// <exception cref="ImageException">The export failed; nothing is left, and an existing file is unchanged.</exception>
    public static IReadOnlyList<string> Write(string directory, string file, ISignalSource? signals) =>
        Write(file, signals, (stream, cancel) => TreeExport.Write(directory, stream, cancel));

    /// <summary>Writes a file that is complete or absent.</summary>
    /// <param name="file">The file.</param>
    /// <param name="signals">The source of a signal that ends the work; null for none.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="ImageException">The work failed; nothing is left, and an existing file is unchanged.</exception>
    internal static T Write<T>(string file, ISignalSource? signals, Func<Stream, CancellationToken, T> write)
    {
        string path = Path.GetFullPath(file);
        RequireReplaceable(path, file);
        using var interrupt = new Interruption(signals);
        try
        {
            using OutputPlace place = OutputPlace.Find(path, follow: false);
            using var output = new PendingFile(place);
            T done;
            using (var stream = new DescriptorStream(output.Handle))
                done = write(stream, interrupt.Token);
            output.Commit();
            return done;
        }
        catch (OperationCanceledException)
        {
            throw new ImageException($"{file}: interrupted; nothing of it is kept", ExitCodes.OfSignal(interrupt.Signal));
        }
        catch (IOException e)
        {
            throw new ImageException($"{file}: cannot be written: {e.Message}; make room there, or name another file");
        }
    }

    // A rename would replace a device, or the target of /dev/stdout, by a file.
    private static void RequireReplaceable(string path, string shown)
    {
        if (FileKind.FactsOf(path) is { } there && there.Type != FileKind.Regular)
            throw new ImageException($"{shown}: is no regular file; name another, or leave the flag away and redirect the output");
        if (!Directory.Exists(Path.GetDirectoryName(path)))
            throw new ImageException($"{shown}: there is no directory {Path.GetDirectoryName(path)}; make it first");
    }
}
