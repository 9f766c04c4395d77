using System.Buffers.Text;
using System.Text;

namespace Podspawn.Oci.Images.Fetching;

/// <summary>
/// Reads the headers before an archive's entry that describe it: pax's records and GNU's long name (tar(5)). Where two contradict each other, the one
/// that Go's archive/tar uses wins.
/// </summary>
internal sealed class ExtendedHeaders
{
    private long? recordedSize;
    private bool? recordedDirectory;
    private bool? longNamedDirectory;

    /// <summary>The number of parts of the deepest named path.</summary>
    internal int Parts { get; private set; }

    /// <summary>That path; what is not UTF-8 is replaced.</summary>
    internal string Deepest { get; private set; } = "";

    /// <summary>Adds a long name.</summary>
    internal void AddLongName(ReadOnlySpan<byte> content)
    {
        if (Text(content) is { IsEmpty: false } name)
            longNamedDirectory = Add(name);
    }

    /// <summary>Adds records "LENGTH KEY=VALUE\n", which replace earlier ones.</summary>
    internal void AddRecords(ReadOnlySpan<byte> content)
    {
        (recordedSize, recordedDirectory) = (null, null);
        while (Utf8Parser.TryParse(content, out int length, out int digits) && length > digits && length <= content.Length)
        {
            ReadOnlySpan<byte> record = content[(digits + 1)..length];
            ReadOnlySpan<byte> value = record[(record.IndexOf((byte)'=') + 1)..].TrimEnd((byte)'\n');
            if (record.StartsWith("path="u8) && !value.IsEmpty)
                recordedDirectory = Add(value);
            else if (record.StartsWith("GNU.sparse.name="u8))
                _ = Add(value);
            else if (record.StartsWith("size="u8) && Utf8Parser.TryParse(value, out long size, out _))
                recordedSize = size;
            content = content[length..];
        }
    }

    /// <summary>The number of bytes of content after the entry's own header.</summary>
    /// <param name="header">The entry's own header, 512 bytes.</param>
    /// <param name="own">The size in that header.</param>
    internal long SizeOf(ReadOnlySpan<byte> header, long own)
    {
        // Links, devices, directories and FIFOs have no content, whatever size they state; nor has a file of the oldest kind whose name ends like a directory's.
        byte type = header[156];
        bool isBare = type is >= (byte)'1' and <= (byte)'6' || (type == 0 && (longNamedDirectory ?? recordedDirectory ?? IsDirectory(Text(header[..100]))));
        return isBare ? 0 : recordedSize ?? own;
    }

    /// <summary>A field up to its first NUL.</summary>
    internal static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> field) => field.IndexOf((byte)0) is >= 0 and var end ? field[..end] : field;

    private bool Add(ReadOnlySpan<byte> path)
    {
        int parts = 0;
        foreach (Range part in path.Split((byte)'/'))
            parts += path[part] is [] or [(byte)'.'] ? 0 : 1;
        if (parts > Parts)
            (Parts, Deepest) = (parts, Encoding.UTF8.GetString(path));
        return IsDirectory(path);
    }

    // An entry without its own name has that of the directory in its prefix.
    private static bool IsDirectory(ReadOnlySpan<byte> name) => name is [] or [.., (byte)'/'];
}
