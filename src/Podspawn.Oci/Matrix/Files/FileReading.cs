using Podspawn.Oci.Configuration;
using Podspawn.Oci.Configuration.Yaml;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Matrix.Files;

/// <summary>The state of reading a matrix file that the readers of its parts share.</summary>
internal sealed class FileReading
{
    private const int LongestName = 64;

    public FileReading(string path)
    {
        Path = path;
        Diagnostics = new ConfigDiagnostics(path);
        Values = new ValueReader(Diagnostics);
    }

    /// <summary>The file, as the user named it.</summary>
    public string Path { get; }

    public ConfigDiagnostics Diagnostics { get; }

    public ValueReader Values { get; }

    public void Unknown(string key, YamlScalar name, IReadOnlyCollection<string> known) =>
        Diagnostics.Error(key, "unknown key", Hint(name.Value, known), name);

    /// <summary>Checks that the name fits into a table, a file name and a command line.</summary>
    public void CheckName(string name, string key, YamlNode at)
    {
        bool good = name.Length is > 0 and <= LongestName && char.IsAsciiLetterOrDigit(name[0]);
        foreach (char c in name)
            good &= char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-';
        if (!good)
        {
            const string hint = "write a letter or digit, then at most 63 letters, digits, dots, dashes or underscores";
            Diagnostics.Error(key, $"{Printable.Quote(name)} is no name", hint, at);
        }
    }

    /// <summary>A path made absolute, against the directory of the matrix file; null where a problem was recorded.</summary>
    public string? AbsolutePath(YamlNode node, string key, string example)
    {
        if (Values.RequiredText(node, key, example) is not { } text)
            return null;
        if (text.Length == 0)
        {
            Diagnostics.Error(key, "found an empty text, want a path", $"for example {example}", node);
            return null;
        }

        return Absolute(text, key, node);
    }

    /// <summary>The path against the directory of the matrix file.</summary>
    public string? Absolute(string path, string key, YamlNode at)
    {
        try
        {
            string directory = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path)) ?? "/";
            return System.IO.Path.GetFullPath(System.IO.Path.Combine(directory, path));
        }
        catch (IOException)
        {
            Diagnostics.Error(key, "found a relative path, but the current directory no longer exists", "write an absolute path", at);
            return null;
        }
    }

    public static string Hint(string word, IReadOnlyCollection<string> known)
    {
        // A list of hundreds would hide the ones to fix.
        const int most = 30;
        return Suggestion.DidYouMean(word, known) ?? $"known are {string.Join(", ", known.Take(most))}{(known.Count > most ? ", ..." : "")}";
    }
}
