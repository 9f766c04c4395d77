using System.Buffers.Text;
using Podspawn.Oci.Images.Fetching;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Lifecycle.Copying;

/// <summary>
/// Passes an archive on to its reader, and notes on the way which extended attributes each entry has: the reader makes text of them, while most of them
/// are bytes. They are recorded as by GNU tar, docker and podman (<c>SCHILY.xattr.NAME</c>, pax).
/// </summary>
internal sealed class ArchiveAttributes(Stream inner) : Stream
{
    private readonly byte[] header = new byte[LayerDepth.Block];
    private ExtendedHeaders extended = new();
    private List<FileAttribute> next = [];
    private byte[]? records;
    private bool isLongName;
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
        int got = inner.Read(buffer);
        Follow(buffer[..got]);
        return got;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Follow(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (rest > 0)
            {
                int passed = (int)Math.Min(rest, bytes.Length);
                rest -= passed;
                bytes = bytes[passed..];
                continue;
            }
            byte[] wanted = records ?? header;
            int taken = Math.Min(wanted.Length - filled, bytes.Length);
            bytes[..taken].CopyTo(wanted.AsSpan(filled));
            filled += taken;
            bytes = bytes[taken..];
            if (filled < wanted.Length)
                return;
            filled = 0;
            if (records is not null)
                TakeRecords();
            else
                TakeHeader();
        }
    }

    private void TakeHeader()
    {
        long size = Math.Max(0, LayerDepth.ParseSize(header.AsSpan(124, 12)) ?? 0);
        char type = (char)header[156];
        if (type is 'x' or 'L' && size is > 0 and <= LayerDepth.LongestName)
        {
            isLongName = type == 'L';
            records = new byte[LayerDepth.Padded(size)];
            return;
        }
        if (type is not ('x' or 'L' or 'K' or 'g'))
        {
            size = Math.Clamp(extended.SizeOf(header, size), 0, long.MaxValue - LayerDepth.Block);
            (OfEntry, next, extended) = (next, [], new ExtendedHeaders());
        }
        rest = LayerDepth.Padded(size);
    }

    private void TakeRecords()
    {
        ReadOnlySpan<byte> content = records.AsSpan(0, (int)LayerDepth.ParseSize(header.AsSpan(124, 12))!);
        records = null;
        if (isLongName)
        {
            extended.AddLongName(content);
            return;
        }
        extended.AddRecords(content);
        // "LENGTH KEY=VALUE\n"
        ReadOnlySpan<byte> prefix = "SCHILY.xattr."u8;
        while (Utf8Parser.TryParse(content, out int length, out int digits) && length > digits + 1 && length <= content.Length)
        {
            ReadOnlySpan<byte> record = content[(digits + 1)..(length - 1)];
            int equals = record.IndexOf((byte)'=');
            if (record.StartsWith(prefix) && equals > prefix.Length && !record[..equals].Contains((byte)0))
                next.Add(new FileAttribute(record[prefix.Length..equals].ToArray(), record[(equals + 1)..].ToArray()));
            content = content[length..];
        }
    }
}
