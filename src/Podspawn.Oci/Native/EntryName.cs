using System.Text;

namespace Podspawn.Oci.Native;

/// <summary>The name of a directory entry, or the text of a link: bytes that need not be UTF-8.</summary>
internal readonly struct EntryName
{
    private readonly byte[] terminated;

    private EntryName(byte[] terminated) => this.terminated = terminated;

    /// <summary>The bytes without the NUL at their end.</summary>
    internal ReadOnlySpan<byte> Bytes => terminated.AsSpan(0, terminated.Length - 1);

    /// <summary>The bytes with a NUL at their end, for the kernel.</summary>
    internal ReadOnlySpan<byte> Terminated => terminated;

    /// <summary>The name as text; bytes that are not UTF-8 are replaced.</summary>
    internal string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>Whether <see cref="Text"/> represents all of it.</summary>
    internal bool IsText => Encoding.UTF8.GetBytes(Text).AsSpan().SequenceEqual(Bytes);

    /// <exception cref="ArgumentException">It contains a NUL, at which the kernel would end the name: it would open another file than the one that was checked.</exception>
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
