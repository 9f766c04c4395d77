namespace Podspawn.Oci.Terminals;

/// <summary>Bytes on their way from one descriptor to another; filled again only when empty.</summary>
internal sealed class RelayBuffer(int size)
{
    private readonly byte[] bytes = new byte[size];
    private int start;
    private int end;

    internal bool IsEmpty => start == end;

    internal ReadOnlySpan<byte> Pending => bytes.AsSpan(start, end - start);

    internal Span<byte> Space => bytes.AsSpan(end);

    internal void Add(int count) => end += count;

    internal void Add(byte one) => bytes[end++] = one;

    internal void Remove(int count)
    {
        start += count;
        if (IsEmpty)
            Clear();
    }

    internal void Clear() => start = end = 0;
}
