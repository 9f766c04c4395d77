namespace Podspawn.Oci.Cli.Reading;

/// <summary>The words for yes and no that every flag takes which can be on or off.</summary>
internal static class BooleanWord
{
    /// <summary>Reads one, in any case.</summary>
    /// <param name="flag">The flag as the user wrote it, for the message.</param>
    /// <param name="text">What follows its <c>=</c>.</param>
    /// <exception cref="UsageException">The text is none of them.</exception>
    internal static bool Read(string flag, string text) => text.ToUpperInvariant() switch
    {
        "TRUE" or "1" or "YES" => true,
        "FALSE" or "0" or "NO" => false,
        _ => throw new UsageException($"{flag}: '{text}' is neither true nor false; write {flag} alone, or =true, =false, =1, =0, =yes or =no behind it"),
    };
}
