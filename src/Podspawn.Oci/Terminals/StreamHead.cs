using System.Text;

namespace Podspawn.Oci.Terminals;

/// <summary>
/// The first bytes of what a process has written. Of one that never became its command these are the runtime's words, for nothing else has run in it.
/// </summary>
internal sealed class StreamHead
{
    // A message names a path of up to 4096 bytes.
    private const int Size = 8 * 1024;
    private readonly byte[] bytes = new byte[Size];
    private int length;

    internal bool IsFull => length == Size;

    internal string Text => Encoding.UTF8.GetString(bytes, 0, length);

    /// <summary>Keeps what there is room for.</summary>
    internal void Add(ReadOnlySpan<byte> more)
    {
        ReadOnlySpan<byte> kept = more[..Math.Min(more.Length, Size - length)];
        kept.CopyTo(bytes.AsSpan(length));
        length += kept.Length;
    }
}
