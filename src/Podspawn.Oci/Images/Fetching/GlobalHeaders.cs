using System.Buffers;
using System.Text;

namespace Podspawn.Oci.Images.Fetching;

/// <summary>
/// Takes pax's headers for all entries (type g, tar(5)) out of an archive while it passes. <c>git archive</c> writes one, with the commit; docker
/// passes over them, and umoci refuses them as an unknown kind of entry. All other bytes pass as they are. Headers are located as by Go's archive/tar,
/// which umoci uses: what only looks like a header in the content of a file is left there.
/// </summary>
internal sealed class GlobalHeaders
{
    private const int Block = LayerDepth.Block;

    // Far more than the few headers that an entry can have; beyond it the archive is left to the tool that reads it.
    private const int MostHeld = 4 << 20;

    // The headers of the entry to come: a header for all entries ends them, as in Go.
    private readonly ArrayBufferWriter<byte> held = new();
    private ExtendedHeaders extended = new();
    private int wanted = Block;
    private char contentType;
    private int contentSize;
    private bool inSparseMap;
    private long afterSparseMap;
    private long passing;
    private long dropping;
    private bool isOver;

    /// <summary>Whether there was one.</summary>
    internal bool Found { get; private set; }

    /// <summary>Passes on the next bytes of the archive.</summary>
    internal void Pass(ReadOnlySpan<byte> bytes, IBufferWriter<byte> to)
    {
        while (!bytes.IsEmpty)
        {
            int taken;
            if (isOver)
            {
                to.Write(bytes);
                return;
            }
            if (dropping > 0)
            {
                taken = (int)Math.Min(dropping, bytes.Length);
                dropping -= taken;
            }
            else if (passing > 0)
            {
                taken = (int)Math.Min(passing, bytes.Length);
                to.Write(bytes[..taken]);
                passing -= taken;
            }
            else
            {
                taken = Math.Min(wanted - held.WrittenCount, bytes.Length);
                held.Write(bytes[..taken]);
                if (held.WrittenCount == wanted)
                    Take(to);
            }
            bytes = bytes[taken..];
        }
    }

    /// <summary>Passes on what is held of an archive that ends in the middle.</summary>
    internal void End(IBufferWriter<byte> to) => Release(to);

    // A header, or what belongs to one, is complete.
    private void Take(IBufferWriter<byte> to)
    {
        if (contentType != 0)
            TakeContent();
        else if (inSparseMap)
            TakeSparseMap(to);
        else
            TakeHeader(to);
        if (held.WrittenCount > MostHeld)
            LeaveAlone(to);
    }

    private void TakeHeader(IBufferWriter<byte> to)
    {
        ReadOnlySpan<byte> header = held.WrittenSpan[^Block..];
        char type = (char)header[156];
        if (!header.ContainsAnyExcept((byte)0) || LayerDepth.ParseSize(header.Slice(124, 12)) is not { } size || size is < 0 or > long.MaxValue - Block)
        {
            LeaveAlone(to);
        }
        else if (type == 'g' && HasSoundSum(header))
        {
            Found = true;
            dropping = LayerDepth.Padded(size);
            Begin();
        }
        else if (type is 'L' or 'K' or 'x' && size <= LayerDepth.LongestName)
        {
            (contentType, contentSize) = (type, (int)size);
            wanted = held.WrittenCount + (int)LayerDepth.Padded(size);
            if (size == 0)
                TakeContent();
        }
        else
        {
            long content = LayerDepth.Padded(extended.SizeOf(header, size));
            // GNU's old sparse files may have more of their map in blocks of its own (tar(5), "isextended").
            inSparseMap = type == 'S' && header[482] != 0;
            (passing, afterSparseMap) = inSparseMap ? (0L, content) : (content, 0L);
            Release(to);
        }
    }

    private void TakeContent()
    {
        ReadOnlySpan<byte> content = held.WrittenSpan.Slice(held.WrittenCount - (int)LayerDepth.Padded(contentSize), contentSize);
        if (contentType == 'L')
            extended.AddLongName(content);
        else if (contentType == 'x')
            extended.AddRecords(content);
        contentType = '\0';
        wanted = held.WrittenCount + Block;
    }

    private void TakeSparseMap(IBufferWriter<byte> to)
    {
        inSparseMap = held.WrittenSpan[^Block..][504] != 0;
        if (!inSparseMap)
            passing = afterSparseMap;
        Release(to);
    }

    private void LeaveAlone(IBufferWriter<byte> to)
    {
        isOver = true;
        Release(to);
    }

    private void Release(IBufferWriter<byte> to)
    {
        to.Write(held.WrittenSpan);
        Begin();
    }

    private void Begin()
    {
        held.ResetWrittenCount();
        extended = new ExtendedHeaders();
        (wanted, contentType) = (Block, '\0');
    }

    // The sum of all bytes, those of the sum itself counted as blanks, in octal.
    private static bool HasSoundSum(ReadOnlySpan<byte> header)
    {
        const int At = 148, Length = 8;
        int sum = Length * ' ';
        for (int i = 0; i < Block; i++)
            sum += i is >= At and < At + Length ? 0 : header[i];
        string stated = Encoding.ASCII.GetString(header.Slice(At, Length)).Trim(' ', '\0').TrimStart('0');
        return stated == Convert.ToString(sum, 8);
    }
}
