using System.IO.Compression;

namespace Podspawn.Oci.Images.Fetching;

/// <summary>
/// Checks how deep the paths in a layer are, while another tool unpacks it: that tool looks up every part of every path, so that a few bytes can
/// occupy it for minutes. A damaged archive is reported by that tool. Only the long names of pax and GNU can be that deep (tar(5)). The headers that
/// contain them are located as by Go's archive/tar, which umoci uses; otherwise a header could hide in what is skipped.
/// </summary>
internal static class LayerDepth
{
    /// <summary>The limit for the number of parts of a path. Real images stay below a hundred.</summary>
    internal const int Deepest = 512;

    private const int Block = 512;

    // The limit of Go's reader, which refuses longer names.
    private const int LongestName = 1 << 20;

    /// <summary>The beginning of the first path that is too deep; null where there is none.</summary>
    internal static string? FindTooDeep(string layer, CancellationToken cancel)
    {
        try
        {
            using FileStream file = File.OpenRead(layer);
            // The first bytes do not decide: an archive's first name may begin as gzip does, and umoci decides by the media type.
            return ScanGzip(file, cancel) ?? Scan(Rewound(file), cancel);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? ScanGzip(FileStream file, CancellationToken cancel)
    {
        Span<byte> magic = stackalloc byte[2];
        if (file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) < magic.Length || magic is not [0x1f, 0x8b])
            return null;
        try
        {
            using var tar = new GZipStream(Rewound(file), CompressionMode.Decompress, leaveOpen: true);
            return Scan(tar, cancel);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static FileStream Rewound(FileStream file)
    {
        file.Position = 0;
        return file;
    }

    private static string? Scan(Stream tar, CancellationToken cancel)
    {
        byte[] header = new byte[Block], waste = new byte[64 * 1024];
        var extended = new ExtendedHeaders();
        while (!cancel.IsCancellationRequested && tar.ReadAtLeast(header, Block, throwOnEndOfStream: false) == Block)
        {
            if (ParseSize(header.AsSpan(124, 12)) is not (>= 0 and var size))
                return null;
            char type = (char)header[156];
            if (type is 'L' or 'x' or 'g' && size <= LongestName)
            {
                byte[] content = new byte[Padded(size)];
                if (tar.ReadAtLeast(content, content.Length, throwOnEndOfStream: false) < content.Length)
                    return null;
                if (type == 'L')
                    extended.AddLongName(content.AsSpan(0, (int)size));
                else
                    extended.AddRecords(content.AsSpan(0, (int)size));
                if (extended.Parts > Deepest)
                    return extended.Deepest;
                // A header for all entries is ignored, and ends the headers for the next one.
                if (type == 'g')
                    extended = new ExtendedHeaders();
                continue;
            }
            if (type != 'K')
            {
                size = extended.SizeOf(header, size);
                extended = new ExtendedHeaders();
            }
            if (size is < 0 or > long.MaxValue - Block)
                return null;
            long rest = Padded(size);
            for (int got; rest > 0; rest -= got)
            {
                got = tar.Read(waste, 0, (int)Math.Min(rest, waste.Length));
                if (got == 0 || cancel.IsCancellationRequested)
                    return null;
            }
        }
        return null;
    }

    private static long Padded(long size) => (size + Block - 1) / Block * Block;

    // Octal between blanks and NULs, or binary where the first bit is set. Null where it is not a number.
    private static long? ParseSize(ReadOnlySpan<byte> field)
    {
        long size = 0;
        if ((field[0] & 0x80) != 0)
        {
            foreach (byte b in field[4..])
                size = (size << 8) | b;
            return size;
        }
        foreach (byte digit in ExtendedHeaders.Text(field.Trim(" \0"u8)))
        {
            if (digit is not (>= (byte)'0' and <= (byte)'7'))
                return null;
            size = (size << 3) | (uint)(digit - '0');
        }
        return size;
    }
}
