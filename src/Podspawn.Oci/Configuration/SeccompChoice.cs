using Podspawn.Oci.Text;

namespace Podspawn.Oci.Configuration;

/// <summary>The value of <c>security.seccomp</c>: a word, or the path of a profile.</summary>
internal static class SeccompChoice
{
    private static readonly string[] Words = ["default", "unconfined"];

    /// <summary>
    /// The word as it is, or the path made absolute, against the directory of the file that names it or the current one; or null,
    /// with what is wrong and how to mend it.
    /// </summary>
    public static string? Resolve(string value, string? configFile, out (string What, string Hint) complaint)
    {
        complaint = default;
        if (value.Length == 0)
        {
            complaint = ("found an empty text", "write default, unconfined, or the path of a profile");
            return null;
        }

        foreach (string word in Words)
        {
            if (value == word)
                return word;
            // Taken for a file's name it would only fail later, and with a message about a missing file.
            if (value.Equals(word, StringComparison.OrdinalIgnoreCase))
            {
                complaint = ($"found {Printable.Quote(value)}", $"did you mean {word}?");
                return null;
            }
        }

        if (value.Contains('\0'))
        {
            complaint = ("found a path with a NUL character", "write a path without it");
            return null;
        }

        try
        {
            string directory = configFile is { Length: > 0 } ? Path.GetDirectoryName(Path.GetFullPath(configFile)) ?? "/" : "";
            return Path.GetFullPath(Path.Combine(directory, value));
        }
        catch (IOException)
        {
            complaint = ("found a relative path, but the current directory no longer exists", "write an absolute path");
            return null;
        }
    }
}
