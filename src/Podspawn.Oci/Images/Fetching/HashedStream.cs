using System.Security.Cryptography;

namespace Podspawn.Oci.Images.Fetching;

/// <summary>A stream that is read once, from its beginning to its end, and hashed on the way.</summary>
internal sealed class HashedStream(Stream inner, IncrementalHash hash) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        int got = inner.Read(buffer);
        hash.AppendData(buffer[..got]);
        return got;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>Reads what its reader has left: a decompressor stops where its format ends.</summary>
    internal void ReadToEnd()
    {
        Span<byte> waste = stackalloc byte[4096];
        while (Read(waste) > 0)
        {
        }
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
            inner.Dispose();
        base.Dispose(disposing);
    }
}
