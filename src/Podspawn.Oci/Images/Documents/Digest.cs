using Podspawn.Oci.Text;

namespace Podspawn.Oci.Images.Documents;

/// <summary>Digests as the OCI image spec writes them (descriptor.md, "Digests"); the store only uses sha256, which skopeo creates.</summary>
public static class Digest
{
    private const string Algorithm = "sha256:";
    private const int Length = 64;
    private static readonly System.Buffers.SearchValues<char> HexDigits = System.Buffers.SearchValues.Create("0123456789abcdef");

    /// <summary>Whether the text is <c>sha256:</c> and 64 lower-case hexadecimal digits.</summary>
    public static bool IsValid(string? text) =>
        text is not null && text.Length == Algorithm.Length + Length && text.StartsWith(Algorithm, StringComparison.Ordinal) && IsHex(text.AsSpan(Algorithm.Length));

    /// <summary>The digits of a digest.</summary>
    /// <exception cref="ImageException">The text is not a valid digest: it must never become a part of a path.</exception>
    public static string Hex(string digest) => IsValid(digest)
        ? digest[Algorithm.Length..]
        : throw new ImageException($"'{Printable.Clean(digest, 100)}' is no sha256 digest; only images with sha256 digests can be kept");

    /// <summary>The digest with these digits.</summary>
    public static string FromHex(string hex) => Algorithm + hex;

    /// <summary>Whether the text consists of lower-case hexadecimal digits.</summary>
    public static bool IsHex(ReadOnlySpan<char> text) => text.IndexOfAnyExcept(HexDigits) < 0;

    /// <summary>The first twelve digits, as docker shows them.</summary>
    public static string Abbreviated(string digest) => digest.Length > Algorithm.Length + 12 ? digest.Substring(Algorithm.Length, 12) : digest;
}
