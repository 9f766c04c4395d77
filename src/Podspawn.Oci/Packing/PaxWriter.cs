using System.Buffers;
using System.Globalization;
using System.Text;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Packing;

/// <summary>
/// Writes tar archives in the pax interchange format (POSIX.1-2017, pax, "pax Interchange Format"), byte for byte: names and attributes of files need
/// not be text. Attributes are recorded as by GNU tar, docker and podman (<c>SCHILY.xattr.NAME</c>).
/// </summary>
/// <param name="output">The archive.</param>
internal sealed class PaxWriter(Stream output)
{
    private const int Block = 512;
    private const int LongestName = 100;
    private const long LargestId = 0x1FFFFF; // seven octal digits
    private const long LargestSize = 0x1_FFFF_FFFF; // eleven octal digits
    private static readonly byte[] Nothing = new byte[Block];

    /// <summary>Writes an entry without content.</summary>
    /// <param name="name">Its path in the archive; that of a directory ends with a slash.</param>
    /// <param name="type">The type flag, such as <c>5</c> for a directory.</param>
    /// <param name="facts">Its owner, permissions, time and device number.</param>
    /// <param name="link">What a link leads to; empty for none.</param>
    /// <param name="attributes">Its extended attributes.</param>
    internal void Write(ReadOnlySpan<byte> name, char type, EntryFacts facts, ReadOnlySpan<byte> link, IReadOnlyList<FileAttribute> attributes) =>
        WriteHeaders(name, type, facts, 0, link, attributes);

    /// <summary>Writes a regular file. One that has become shorter is padded with zeros, as by tar(1).</summary>
    /// <param name="name">Its path in the archive.</param>
    /// <param name="facts">Its owner, permissions, time and size.</param>
    /// <param name="attributes">Its extended attributes.</param>
    /// <param name="content">The content: as many bytes as the facts say are read of it.</param>
    /// <param name="cancel">Cancels the writing.</param>
    internal void WriteFile(ReadOnlySpan<byte> name, EntryFacts facts, IReadOnlyList<FileAttribute> attributes, Stream content, CancellationToken cancel = default)
    {
        WriteHeaders(name, '0', facts, facts.Size, default, attributes);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(1 << 17);
        try
        {
            for (long rest = facts.Size; rest > 0;)
            {
                cancel.ThrowIfCancellationRequested();
                Span<byte> part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, rest));
                int got = content.Read(part);
                if (got == 0)
                {
                    part.Clear();
                    got = part.Length;
                }
                output.Write(part[..got]);
                rest -= got;
            }
            Pad(facts.Size);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Writes the archive's end.</summary>
    internal void End()
    {
        output.Write(Nothing);
        output.Write(Nothing);
    }

    private void WriteHeaders(ReadOnlySpan<byte> name, char type, EntryFacts facts, long size, ReadOnlySpan<byte> link, IReadOnlyList<FileAttribute> attributes)
    {
        var records = new ArrayBufferWriter<byte>();
        if (name.Length > LongestName || name.ContainsAnyExceptInRange((byte)' ', (byte)'~'))
            Record(records, "path"u8, name);
        if (link.Length > LongestName || link.ContainsAnyExceptInRange((byte)' ', (byte)'~'))
            Record(records, "linkpath"u8, link);
        if (facts.Uid > LargestId)
            Record(records, "uid"u8, Number(facts.Uid));
        if (facts.Gid > LargestId)
            Record(records, "gid"u8, Number(facts.Gid));
        if (size > LargestSize)
            Record(records, "size"u8, Number(size));
        if (facts.Modified.Nanoseconds != 0 || facts.Modified.Seconds is < 0 or > LargestSize)
            Record(records, "mtime"u8, Encoding.ASCII.GetBytes(Time(facts.Modified)));
        foreach (FileAttribute attribute in attributes)
            Record(records, [.. "SCHILY.xattr."u8, .. attribute.Name], attribute.Value);
        if (records.WrittenCount > 0)
        {
            output.Write(Header("PaxHeaders/entry"u8, 'x', default(EntryFacts) with { Mode = 0x1A4 }, records.WrittenCount, default));
            output.Write(records.WrittenSpan);
            Pad(records.WrittenCount);
        }
        output.Write(Header(name, type, facts, size, link));
    }

    private static byte[] Header(ReadOnlySpan<byte> name, char type, EntryFacts facts, long size, ReadOnlySpan<byte> link)
    {
        byte[] header = new byte[Block];
        name[..Math.Min(name.Length, LongestName)].CopyTo(header);
        Octal(header.AsSpan(100, 8), (long)facts.Permissions);
        Octal(header.AsSpan(108, 8), facts.Uid > LargestId ? 0 : facts.Uid);
        Octal(header.AsSpan(116, 8), facts.Gid > LargestId ? 0 : facts.Gid);
        Octal(header.AsSpan(124, 12), size > LargestSize ? 0 : size);
        Octal(header.AsSpan(136, 12), Math.Clamp(facts.Modified.Seconds, 0, LargestSize));
        header[156] = (byte)type;
        link[..Math.Min(link.Length, LongestName)].CopyTo(header.AsSpan(157));
        "ustar\0"u8.CopyTo(header.AsSpan(257));
        "00"u8.CopyTo(header.AsSpan(263));
        Octal(header.AsSpan(329, 8), facts.Node.Major);
        Octal(header.AsSpan(337, 8), facts.Node.Minor);
        // The sum is formed with blanks in its own place.
        header.AsSpan(148, 8).Fill((byte)' ');
        int sum = 0;
        foreach (byte b in header)
            sum += b;
        Octal(header.AsSpan(148, 7), sum);
        return header;
    }

    private static void Octal(Span<byte> field, long value)
    {
        for (int i = field.Length - 2; i >= 0; i--, value >>= 3)
            field[i] = (byte)('0' + (value & 7));
        field[^1] = 0;
    }

    // "LENGTH KEY=VALUE\n", where the length includes its own digits.
    private static void Record(ArrayBufferWriter<byte> records, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        int rest = key.Length + value.Length + 3, length = rest + 1;
        while (length != rest + Digits(length))
            length = rest + Digits(length);
        records.Write(Number(length));
        records.Write(" "u8);
        records.Write(key);
        records.Write("="u8);
        records.Write(value);
        records.Write("\n"u8);
    }

    private static int Digits(int number) => number.ToString(CultureInfo.InvariantCulture).Length;

    private static byte[] Number(long number) => Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));

    // A time before 1970 counts backwards as a whole: -1.5 is half a second before -1.
    internal static string Time(FileTime time)
    {
        bool isNegative = time.Seconds < 0;
        (long seconds, long rest) = isNegative && time.Nanoseconds != 0 ? (time.Seconds + 1, 1_000_000_000 - time.Nanoseconds) : (time.Seconds, time.Nanoseconds);
        string whole = string.Create(CultureInfo.InvariantCulture, $"{(isNegative ? "-" : "")}{Math.Abs(seconds)}");
        return rest == 0 ? whole : $"{whole}.{rest.ToString("000000000", CultureInfo.InvariantCulture).TrimEnd('0')}";
    }

    private void Pad(long size) => output.Write(Nothing.AsSpan(0, (int)((Block - (size % Block)) % Block)));
}
