namespace Podspawn.Oci.Configuration;

/// <summary>The value of <c>security.seccomp</c>: a word, or the path of a profile.</summary>
internal static class SeccompChoice
{
    public const string Default = "default";
    public const string Unconfined = "unconfined";

    /// <summary>The path made absolute, against the directory of the file that names it or the current one; a word, or a text that cannot be a path, unchanged.</summary>
    /// <exception cref="IOException">The path is relative, and the current directory no longer exists.</exception>
    public static string Resolve(string value, string? configFile)
    {
        // A word in another case is left to the rule, which refuses it: taken for a file name it would fail with a message about a missing file.
        if (value.Length == 0 || value.Contains('\0') || IsWord(value, Default) || IsWord(value, Unconfined))
            return value;
        string directory = configFile is { Length: > 0 } ? Path.GetDirectoryName(Path.GetFullPath(configFile)) ?? "/" : "";
        return Path.GetFullPath(Path.Combine(directory, value));
    }

    private static bool IsWord(string value, string word) => value.Equals(word, StringComparison.OrdinalIgnoreCase);
}
