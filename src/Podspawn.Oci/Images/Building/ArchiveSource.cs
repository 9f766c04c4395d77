using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.Terminals;

namespace Podspawn.Oci.Images.Building;

/// <summary>The file, or the standard input, that contains an archive. It is read once, from its beginning to its end.</summary>
internal sealed class ArchiveSource : IDisposable
{
    /// <summary>The name for the standard input.</summary>
    internal const string StandardInput = "-";

    private readonly Stream stream;
    private readonly byte[] beginning;

    private ArchiveSource(string name, Stream stream)
    {
        Name = name;
        this.stream = stream;
        beginning = new byte[Compression.MagicLength];
        int length = stream.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false);
        Array.Resize(ref beginning, length);
    }

    /// <summary>The name in messages.</summary>
    internal string Name { get; }

    /// <summary>Why the archive could not be read to its end; null where it could.</summary>
    internal string? Failure { get; private set; }

    /// <summary>The compression; null for none.</summary>
    internal Compression? Compression => Compression.Of(beginning);

    /// <summary>Opens the archive.</summary>
    /// <exception cref="ImageException">The file cannot be read, or is empty.</exception>
    internal static ArchiveSource Open(string file, string wanted = "a tar archive of a root filesystem")
    {
        string name = NameOf(file);
        Stream? stream = null;
        try
        {
            stream = file == StandardInput ? Input() : FromFile(file);
            var source = new ArchiveSource(name, stream);
            return source.beginning.Length > 0 ? source : throw new ImageException($"{name}: is empty; give {wanted}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ImageException)
        {
            stream?.Dispose();
            throw e as ImageException ?? new ImageException($"{name}: cannot be read: {e.Message}; check the file");
        }
    }

    /// <summary>An archive from a stream that may also be empty.</summary>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    internal static ArchiveSource Of(string name, Stream stream) => new(name, stream);

    /// <summary>The name of a file in messages.</summary>
    internal static string NameOf(string file) => file == StandardInput ? "standard input" : file;

    /// <summary>The length in bytes; 0 where it is not known beforehand.</summary>
    internal static long LengthOf(string file) => file != StandardInput && FileKind.FactsOf(file) is { Type: FileKind.Regular } facts ? (long)facts.Size : 0;

    /// <summary>Passes on the archive, chunk by chunk, until its end or until <paramref name="take"/> returns false.</summary>
    internal async Task CopyAsync(Func<ReadOnlyMemory<byte>, Task<bool>> take, Action<long> advance, CancellationToken cancel)
    {
        byte[] buffer = new byte[1 << 17];
        beginning.CopyTo(buffer, 0);
        int got = beginning.Length;
        for (long read = got; got > 0; read += got)
        {
            advance(read);
            if (!await take(buffer.AsMemory(0, got)).ConfigureAwait(false))
                return;
            try
            {
                got = await stream.ReadAsync(buffer, cancel).ConfigureAwait(false);
            }
            catch (IOException e)
            {
                Failure = e.Message;
                return;
            }
        }
    }

    public void Dispose() => stream.Dispose();

    private static DescriptorStream Input() => TerminalSize.IsTerminal(0)
        ? throw new ImageException("standard input: is a terminal; redirect a tar archive to it, or name a file")
        : new DescriptorStream(0);

    private static FileStream FromFile(string file)
    {
        try
        {
            return new FileStream(RegularFile.Open(file), FileAccess.Read, bufferSize: 0);
        }
        catch (UnfitFileException e)
        {
            throw new ImageException(e.IsMissing
                ? $"{file}: there is no such file; check the path"
                : $"{file}: {e.Message}; name a tar archive{(FileKind.FactsOf(file) is { Type: FileKind.Directory } ? $", or run it where it is with {Setting.Rootfs}"
                : ", or - for the standard input")}");
        }
    }
}
