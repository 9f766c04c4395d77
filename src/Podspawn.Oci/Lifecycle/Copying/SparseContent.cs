using System.Formats.Tar;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Lifecycle.Copying;

/// <summary>
/// A file with holes in a pax archive, in the form that GNU tar writes (GNU tar's manual, "PAX Format, Version 1.0"): before the data there is a list of
/// where each piece of it belongs. The archive comes from anyone, and nothing in the list is believed.
/// </summary>
internal static class SparseContent
{
    private const int Block = 512;
    private const int MostPieces = 1 << 20;

    /// <summary>Whether an entry is one.</summary>
    internal static bool Is(TarEntry entry) => entry is PaxTarEntry pax && pax.ExtendedAttributes.Keys.Any(key => key.StartsWith("GNU.sparse", StringComparison.Ordinal));

    /// <summary>Whether it has the form that is read here.</summary>
    internal static bool CanRead(TarEntry entry) => Value(entry, "major") == "1" && Value(entry, "minor") == "0" && Size(entry) is not null;

    /// <summary>Its own name: that of the entry is for programs which do not know of holes. Null for an entry that is none.</summary>
    internal static string? NameOf(TarEntry entry) => Is(entry) ? Value(entry, "name") : null;

    /// <summary>Writes it to an empty file.</summary>
    /// <exception cref="InvalidDataException">The list is not right.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    internal static void Write(TarEntry entry, SafeFileHandle file)
    {
        long size = Size(entry) ?? throw new InvalidDataException();
        Stream data = entry.DataStream ?? Stream.Null;
        long read = 0;
        long pieces = Number(data, ref read);
        if (pieces > MostPieces)
            throw new InvalidDataException();
        var list = new (long Offset, long Length)[pieces];
        long end = 0;
        for (int i = 0; i < list.Length; i++)
        {
            list[i] = (Number(data, ref read), Number(data, ref read));
            if (list[i].Offset < end || list[i].Length > size - list[i].Offset)
                throw new InvalidDataException();
            end = list[i].Offset + list[i].Length;
        }
        byte[] buffer = new byte[1 << 17];
        data.ReadExactly(buffer, 0, (int)((Block - (read % Block)) % Block));
        foreach ((long offset, long length) in list)
        {
            for (long done = 0; done < length;)
            {
                int got = data.Read(buffer, 0, (int)Math.Min(buffer.Length, length - done));
                if (got == 0)
                    throw new EndOfStreamException();
                RandomAccess.Write(file, buffer.AsSpan(0, got), offset + done);
                done += got;
            }
        }
        RandomAccess.SetLength(file, size);
    }

    // Decimal digits up to the end of the line.
    private static long Number(Stream data, ref long read)
    {
        long number = 0;
        for (int digits = 0; ; digits++)
        {
            int next = data.ReadByte();
            read++;
            if (next == '\n' && digits > 0)
                return number;
            if (next is < '0' or > '9' || digits > 17)
                throw new InvalidDataException();
            number = (number * 10) + next - '0';
        }
    }

    private static long? Size(TarEntry entry) =>
        long.TryParse(Value(entry, "realsize"), NumberStyles.None, CultureInfo.InvariantCulture, out long size) ? size : null;

    private static string? Value(TarEntry entry, string key) => ((PaxTarEntry)entry).ExtendedAttributes.GetValueOrDefault($"GNU.sparse.{key}");
}
