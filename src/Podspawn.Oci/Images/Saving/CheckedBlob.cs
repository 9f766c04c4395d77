using System.Security.Cryptography;
using Podspawn.Oci.Images.Documents;

namespace Podspawn.Oci.Images.Saving;

/// <summary>A blob of the store that is read once, from its beginning to its end, and held against its digest: whoever gets it from us relies on that.</summary>
internal sealed class CheckedBlob : Stream
{
    private readonly FileStream file;
    private readonly string digest;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly CancellationToken cancel;
    private long position;

    /// <summary>Opens a blob.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="digest">Its digest.</param>
    /// <param name="cancel">Cancels the reading.</param>
    /// <exception cref="ImageException">There is no such blob.</exception>
    internal CheckedBlob(string path, string digest, CancellationToken cancel)
    {
        (this.digest, this.cancel) = (digest, cancel);
        try
        {
            file = File.OpenRead(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ImageException($"the blob {digest} is missing in the store; fetch the image again");
        }
        Length = file.Length;
    }

    public override bool CanRead => true;

    // An archive's writer asks for the length only of what it takes for a file.
    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length { get; }

    public override long Position
    {
        get => position;
        set
        {
            if (value != position)
                throw new NotSupportedException();
        }
    }

    public override int Read(Span<byte> buffer)
    {
        cancel.ThrowIfCancellationRequested();
        int got = file.Read(buffer[..(int)Math.Min(buffer.Length, Length - position)]);
        hash.AppendData(buffer[..got]);
        position += got;
        return got;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>Reads what its reader has left, and holds all of it against the digest.</summary>
    /// <exception cref="ImageException">The blob is another one.</exception>
    internal void RequireWhole()
    {
        byte[] waste = new byte[1 << 16];
        while (Read(waste.AsSpan()) > 0)
        {
        }
        if (position != Length || Digest.FromHex(Convert.ToHexStringLower(hash.GetCurrentHash())) != digest)
            throw new ImageException($"the blob {digest} in the store is not what its digest says; remove the image and fetch it again");
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
            hash.Dispose();
        }
        base.Dispose(disposing);
    }
}
