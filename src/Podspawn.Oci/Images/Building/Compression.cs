namespace Podspawn.Oci.Images.Building;

/// <summary>A compressed format, and the program that reads it.</summary>
/// <param name="Tool">The program, which decompresses its stdin to its stdout with <c>-dc</c>.</param>
/// <param name="Package">The package that contains the program.</param>
internal sealed record Compression(string Tool, string Package)
{
    /// <summary>The number of bytes that identify a format.</summary>
    internal const int MagicLength = 6;

    internal static readonly IReadOnlyList<string> Arguments = ["-dc"];

    // RFC 1952, bzip2's BZh, xz-file-format.txt 2.1.1.1, RFC 8878 3.1.1.
    private static readonly (byte[] Magic, Compression Format)[] Formats =
    [
        ([0x1f, 0x8b], new("gzip", "gzip")), ("BZh"u8.ToArray(), new("bzip2", "bzip2")), ([0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0], new("xz", "xz-utils")),
        ([0x28, 0xb5, 0x2f, 0xfd], new("zstd", "zstd")),
    ];

    /// <summary>The format of a file that begins so; null for a file that is not compressed, or in an unknown format.</summary>
    internal static Compression? Of(ReadOnlySpan<byte> beginning)
    {
        foreach ((byte[] magic, Compression format) in Formats)
        {
            if (beginning.StartsWith(magic))
                return format;
        }
        return null;
    }
}
