using System.Buffers.Text;
using System.Text;

namespace Podspawn.Oci.Images.Fetching;

/// <summary>
/// What stands before an entry of an archive and is said of it: pax's records and GNU's long name (tar(5)). Where two contradict each other, the one
/// counts that counts for Go's archive/tar.
/// </summary>
internal sealed class ExtendedHeaders
{
    private long? recordedSize;
    private bool? recordedDirectory;
    private bool? longNamedDirectory;

    /// <summary>How many parts the deepest path has that was named.</summary>
    internal int Parts { get; private set; }

    /// <summary>That path; what is not UTF-8 is replaced.</summary>
    internal string Deepest { get; private set; } = "";

    /// <summary>Takes a long name.</summary>
    internal void AddLongName(ReadOnlySpan<byte> content)
    {
        if (Text(content) is { IsEmpty: false } name)
            longNamedDirectory = Add(name);
    }

    /// <summary>Takes records "LENGTH KEY=VALUE\n", in the place of those that stood before.</summary>
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

    /// <summary>How many bytes of content follow the entry's own header.</summary>
    /// <param name="header">That header, 512 bytes.</param>
    /// <param name="own">The size that stands in it.</param>
    internal long SizeOf(ReadOnlySpan<byte> header, long own)
    {
        // Links, devices, directories and FIFOs have none, whatever they say; nor has a file of the oldest kind whose name ends as a directory's.
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

    // An entry without a name of its own has that of the directory in its prefix.
    private static bool IsDirectory(ReadOnlySpan<byte> name) => name is [] or [.., (byte)'/'];
}
