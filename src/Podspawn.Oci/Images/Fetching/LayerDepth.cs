using System.Buffers.Text;
using System.IO.Compression;
using System.Text;

namespace Podspawn.Oci.Images.Fetching;

/// <summary>
/// Checks how deep the paths in a layer are, while another tool unpacks it: that tool looks up every part of every path, so that a few bytes can
/// occupy it for minutes. A damaged archive is reported by that tool; the long names of pax and GNU are checked as well (tar(5)).
/// </summary>
internal static class LayerDepth
{
    /// <summary>The limit for the number of parts of a path. Real images stay below a hundred.</summary>
    internal const int Deepest = 512;

    private const int Block = 512;

    // The limit of Go's reader, which umoci uses: it refuses longer names.
    private const int LongestName = 1 << 20;

    /// <summary>The beginning of the first path that is too deep; null where there is none.</summary>
    internal static string? FindTooDeep(string layer, CancellationToken cancel)
    {
        try
        {
            using FileStream file = File.OpenRead(layer);
            Span<byte> magic = stackalloc byte[2];
            bool gzip = file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) == magic.Length && magic is [0x1f, 0x8b];
            file.Position = 0;
            using Stream tar = gzip ? new GZipStream(file, CompressionMode.Decompress) : file;
            return Scan(tar, cancel);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? Scan(Stream tar, CancellationToken cancel)
    {
        byte[] header = new byte[Block], waste = new byte[64 * 1024];
        while (!cancel.IsCancellationRequested && tar.ReadAtLeast(header, Block, throwOnEndOfStream: false) == Block)
        {
            if (Size(header) is not { } size)
                return null;
            ReadOnlySpan<byte> name = Text(header.AsSpan(0, 100));
            if (Parts(name) + Parts(Text(header.AsSpan(345, 155))) > Deepest)
                return Encoding.UTF8.GetString(name);
            char type = (char)header[156];
            long rest = (size + Block - 1) / Block * Block;
            if (type is 'L' or 'x' or 'X' or 'g' && size <= LongestName)
            {
                byte[] content = new byte[rest];
                if (tar.ReadAtLeast(content, content.Length, throwOnEndOfStream: false) < content.Length)
                    return null;
                ReadOnlySpan<byte> path = type == 'L' ? Text(content.AsSpan(0, (int)size)) : PathIn(content.AsSpan(0, (int)size));
                if (Parts(path) > Deepest)
                    return Encoding.UTF8.GetString(path);
                continue;
            }
            for (int got; rest > 0; rest -= got)
            {
                got = tar.Read(waste, 0, (int)Math.Min(rest, waste.Length));
                if (got == 0 || cancel.IsCancellationRequested)
                    return null;
            }
        }
        return null;
    }

    private static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> field) => field.IndexOf((byte)0) is >= 0 and var end ? field[..end] : field;

    private static int Parts(ReadOnlySpan<byte> path)
    {
        int parts = 0;
        foreach (Range part in path.Split((byte)'/'))
            parts += path[part] is [] or [(byte)'.'] ? 0 : 1;
        return parts;
    }

    // Octal, or binary where the first bit is set. Null where it is not a number.
    private static long? Size(ReadOnlySpan<byte> header)
    {
        ReadOnlySpan<byte> field = header.Slice(124, 12);
        long size = 0;
        if ((field[0] & 0x80) != 0)
        {
            foreach (byte b in field[4..])
                size = (size << 8) | b;
            return size is >= 0 and < long.MaxValue - Block ? size : null;
        }
        foreach (byte digit in field)
        {
            if (digit is >= (byte)'0' and <= (byte)'7')
                size = (size << 3) | (uint)(digit - '0');
            else if (digit is not ((byte)' ' or 0))
                return null;
        }
        return size;
    }

    // Records "LENGTH KEY=VALUE\n"; the last path wins, but the deepest is what counts here.
    private static ReadOnlySpan<byte> PathIn(ReadOnlySpan<byte> records)
    {
        ReadOnlySpan<byte> deepest = default;
        while (Utf8Parser.TryParse(records, out int length, out int digits) && length > digits && length <= records.Length)
        {
            ReadOnlySpan<byte> record = records[(digits + 1)..length];
            if (record.StartsWith("path="u8) && Parts(record[5..]) > Parts(deepest))
                deepest = record[5..].TrimEnd((byte)'\n');
            records = records[length..];
        }
        return deepest;
    }
}
