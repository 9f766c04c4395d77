using System.Buffers.Text;
using Podspawn.Oci.Images.Fetching;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Lifecycle.Copying;

/// <summary>
/// Passes an archive on to its reader, and notes on the way which extended attributes each entry has: they are bytes, recorded as by GNU tar, docker and
/// podman (<c>SCHILY.xattr.NAME</c>, pax), and the reader takes them for text, or for a fault. It gets others of the same length.
/// </summary>
internal sealed class ArchiveAttributes(Stream inner) : Stream
{
    private readonly byte[] header = new byte[LayerDepth.Block];
    private ExtendedHeaders extended = new();
    private List<FileAttribute> next = [];
    private ReadOnlyMemory<byte> ready;
    private int filled;
    private long rest;

    /// <summary>The attributes of the entry whose header was read last.</summary>
    internal IReadOnlyList<FileAttribute> OfEntry { get; private set; } = [];

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        if (ready.Length > 0)
        {
            int passed = Math.Min(ready.Length, buffer.Length);
            ready.Span[..passed].CopyTo(buffer);
            ready = ready[passed..];
            return passed;
        }
        if (rest > 0)
        {
            int content = inner.Read(buffer[..(int)Math.Min(rest, buffer.Length)]);
            rest -= content;
            return content;
        }
        int got = inner.Read(buffer[..Math.Min(header.Length - filled, buffer.Length)]);
        buffer[..got].CopyTo(header.AsSpan(filled));
        filled += got;
        if (filled == header.Length)
        {
            filled = 0;
            TakeHeader();
        }
        return got;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void TakeHeader()
    {
        long size = Math.Max(0, LayerDepth.ParseSize(header.AsSpan(124, 12)) ?? 0);
        char type = (char)header[156];
        if (type is 'x' or 'L' && size is > 0 and <= LayerDepth.LongestName)
        {
            byte[] read = new byte[LayerDepth.Padded(size)];
            int got = inner.ReadAtLeast(read, read.Length, throwOnEndOfStream: false);
            if (got == read.Length && type == 'L')
                extended.AddLongName(read.AsSpan(0, (int)size));
            else if (got == read.Length)
                TakeRecords(read.AsSpan(0, (int)size));
            ready = read.AsMemory(0, got);
            return;
        }
        if (type is not ('x' or 'L' or 'K' or 'g'))
        {
            size = Math.Clamp(extended.SizeOf(header, size), 0, long.MaxValue - LayerDepth.Block);
            (OfEntry, next, extended) = (next, [], new ExtendedHeaders());
        }
        rest = LayerDepth.Padded(size);
    }

    private void TakeRecords(Span<byte> content)
    {
        extended.AddRecords(content);
        // "LENGTH KEY=VALUE\n"
        ReadOnlySpan<byte> prefix = "SCHILY.xattr."u8;
        while (Utf8Parser.TryParse(content, out int length, out int digits) && length > digits + 1 && length <= content.Length)
        {
            Span<byte> record = content[(digits + 1)..(length - 1)];
            int equals = record.IndexOf((byte)'=');
            if (record.StartsWith(prefix) && equals > prefix.Length)
            {
                if (!record[..equals].Contains((byte)0))
                    next.Add(new FileAttribute(record[prefix.Length..equals].ToArray(), record[(equals + 1)..].ToArray()));
                record[(equals + 1)..].Fill((byte)'x');
            }
            content = content[length..];
        }
    }
}
