using System.Globalization;
using System.Text;

namespace Podspawn.Oci.ImageTests.Crafting;

/// <summary>Writes tar archives header by header (pax, "ustar Interchange Format"; tar(5) for GNU's extensions).</summary>
internal sealed class TarWriter(Stream stream)
{
    private const int Block = 512;
    private const int NameLength = 100;
    private const long LargestOctal = 0x1FFFFF; // seven digits
    private static readonly byte[] Zeros = new byte[1 << 20];

    /// <summary>Writes an entry, with what its header cannot hold in records before it.</summary>
    internal void Add(TarEntry entry)
    {
        byte[] name = entry.NameBytes ?? Encoding.UTF8.GetBytes(entry.Name), link = Encoding.UTF8.GetBytes(entry.Link);
        bool pax10 = entry.SparseSize is not null && !entry.OldSparse;
        var records = new List<(string Key, byte[] Value)>();
        if (entry.GnuNames)
        {
            AddGnuName('L', name);
            AddGnuName('K', link);
        }
        else
        {
            if (!pax10 && entry.NameBytes is null && (name.Length > NameLength || name.Any(b => b > 0x7E)))
                records.Add(("path", name));
            if (link.Length > NameLength || link.Any(b => b > 0x7E))
                records.Add(("linkpath", link));
        }
        AddNumbers(entry, records);
        records.AddRange(entry.Xattrs.Select(xattr => ($"SCHILY.xattr.{xattr.Key}", xattr.Value)));
        if (pax10)
            records.AddRange([("GNU.sparse.major", "1"u8.ToArray()), ("GNU.sparse.minor", "0"u8.ToArray()), ("GNU.sparse.name", name),
                ("GNU.sparse.realsize", Text(entry.SparseSize!.Value))]);
        if (records.Count > 0)
            AddPax(records);

        byte[] data = [.. SparseMap(entry, pax10), .. entry.Sparse.SelectMany(part => part.Data)];
        long size = entry.Zeros > 0 ? entry.Zeros : data.Length > 0 ? data.Length : entry.Content.Length;
        stream.Write(Header(entry, name, link, entry.ToldSize ?? size));
        if (entry.Zeros > 0)
            WriteZeros(size);
        else
            stream.Write(data.Length > 0 ? data : entry.Content.Span);
        WriteZeros(-size & (Block - 1));
    }

    /// <summary>Bytes that are no entry.</summary>
    internal void AddRaw(ReadOnlySpan<byte> bytes) => stream.Write(bytes);

    /// <summary>The two empty blocks at the end.</summary>
    internal void End() => WriteZeros(2 * Block);

    private static void AddNumbers(TarEntry entry, List<(string Key, byte[] Value)> records)
    {
        if (entry.Uid > LargestOctal)
            records.Add(("uid", Text(entry.Uid)));
        if (entry.Gid > LargestOctal)
            records.Add(("gid", Text(entry.Gid)));
        if (entry.Time < 0 || entry.Time != decimal.Floor(entry.Time) || entry.Time > uint.MaxValue)
            records.Add(("mtime", Encoding.ASCII.GetBytes(entry.Time.ToString(CultureInfo.InvariantCulture))));
    }

    private static byte[] SparseMap(TarEntry entry, bool pax10)
    {
        if (!pax10)
            return [];
        StringBuilder map = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{entry.Sparse.Count}\n");
        foreach ((long offset, byte[] part) in entry.Sparse)
            map.Append(CultureInfo.InvariantCulture, $"{offset}\n{part.Length}\n");
        byte[] text = Encoding.ASCII.GetBytes(map.ToString());
        Array.Resize(ref text, (text.Length + Block - 1) / Block * Block);
        return text;
    }

    private void AddGnuName(char type, byte[] name)
    {
        if (name.Length <= NameLength)
            return;
        var entry = new TarEntry("././@LongLink") { Type = type, Content = (byte[])[.. name, 0] };
        Add(entry);
    }

    private void AddPax(List<(string Key, byte[] Value)> records)
    {
        using var text = new MemoryStream();
        foreach ((string key, byte[] value) in records)
        {
            // "LENGTH KEY=VALUE\n", where the length counts its own digits.
            int rest = 1 + Encoding.UTF8.GetByteCount(key) + 1 + value.Length + 1;
            int length = rest + 1;
            while (length != rest + Text(length).Length)
                length = rest + Text(length).Length;
            text.Write([.. Text(length), (byte)' ', .. Encoding.UTF8.GetBytes(key), (byte)'=', .. value, (byte)'\n']);
        }
        Add(new TarEntry("PaxHeaders/entry") { Type = 'x', Content = text.ToArray() });
    }

    private static byte[] Header(TarEntry entry, byte[] name, byte[] link, long size)
    {
        byte[] header = new byte[Block];
        name.AsSpan(0, Math.Min(name.Length, NameLength)).CopyTo(header);
        Octal(header, 100, 8, entry.Mode);
        Octal(header, 108, 8, Math.Min(entry.Uid, LargestOctal));
        Octal(header, 116, 8, Math.Min(entry.Gid, LargestOctal));
        Octal(header, 124, 12, size);
        Octal(header, 136, 12, (long)Math.Clamp(decimal.Floor(entry.Time), 0, uint.MaxValue));
        link.AsSpan(0, Math.Min(link.Length, NameLength)).CopyTo(header.AsSpan(157));
        bool old = entry.SparseSize is not null && entry.OldSparse;
        header[156] = (byte)(old ? 'S' : entry.Type);
        (entry.GnuNames || old || entry.Type is 'L' or 'K' ? "ustar  \0"u8 : "ustar\00000"u8[..8]).CopyTo(header.AsSpan(257));
        Octal(header, 329, 8, entry.DeviceMajor);
        Octal(header, 337, 8, entry.DeviceMinor);
        if (old)
            OldSparseHeader(header, entry);
        header.AsSpan(148, 8).Fill((byte)' ');
        int sum = header.Sum(b => b);
        Octal(header, 148, 7, sum);
        return header;
    }

    private static void OldSparseHeader(byte[] header, TarEntry entry)
    {
        const int Most = 4;
        if (entry.Sparse.Count > Most)
            throw new InvalidOperationException("an old sparse header of its own holds four parts");
        for (int i = 0; i < entry.Sparse.Count; i++)
        {
            Octal(header, 386 + i * 24, 12, entry.Sparse[i].Offset);
            Octal(header, 398 + i * 24, 12, entry.Sparse[i].Data.Length);
        }
        Octal(header, 483, 12, entry.SparseSize!.Value);
    }

    // Larger numbers are written in binary, as by GNU tar.
    private static void Octal(byte[] header, int at, int length, long value)
    {
        string digits = Convert.ToString(value, 8);
        if (digits.Length < length)
        {
            Encoding.ASCII.GetBytes(digits.PadLeft(length - 1, '0')).CopyTo(header, at);
            return;
        }
        for (int i = 0; i < length; i++)
            header[at + length - 1 - i] = (byte)(i < 8 ? value >> (8 * i) : 0);
        header[at] |= 0x80;
    }

    private static byte[] Text(long number) => Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));

    private void WriteZeros(long count)
    {
        for (; count > 0; count -= Zeros.Length)
            stream.Write(Zeros, 0, (int)Math.Min(count, Zeros.Length));
    }
}
