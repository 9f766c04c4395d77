using System.Text;

namespace Podspawn.Oci.Native;

/// <summary>The name of a directory's entry, or a link's text: bytes that need not be UTF-8.</summary>
internal readonly struct EntryName
{
    private readonly byte[] terminated;

    private EntryName(byte[] terminated) => this.terminated = terminated;

    /// <summary>The bytes without the NUL at their end.</summary>
    internal ReadOnlySpan<byte> Bytes => terminated.AsSpan(0, terminated.Length - 1);

    /// <summary>The bytes with a NUL at their end, as the kernel takes them.</summary>
    internal ReadOnlySpan<byte> Terminated => terminated;

    /// <summary>The name as text; what is not UTF-8 is replaced.</summary>
    internal string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>Whether <see cref="Text"/> says all of it.</summary>
    internal bool IsText => Encoding.UTF8.GetBytes(Text).AsSpan().SequenceEqual(Bytes);

    /// <exception cref="ArgumentException">There is a NUL in it, at which the kernel would take the name to end: it is not the one that was looked at.</exception>
    internal static EntryName Of(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Contains((byte)0))
            throw new ArgumentException("a name has no NUL", nameof(bytes));
        byte[] terminated = new byte[bytes.Length + 1];
        bytes.CopyTo(terminated);
        return new EntryName(terminated);
    }

    /// <inheritdoc cref="Of(ReadOnlySpan{byte})"/>
    internal static EntryName Of(string text) => Of(Encoding.UTF8.GetBytes(text));
}
