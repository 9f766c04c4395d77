using Podspawn.Oci.Text;

namespace Podspawn.Oci.Images.Tools;

/// <summary>Makes a tool's message suitable for a message of ours.</summary>
internal static class ToolWords
{
    private const int Longest = 500;

    /// <summary>The first line that is not empty, without the tool's own name at its beginning.</summary>
    internal static string FirstLine(string stderr, string prefix)
    {
        string line = stderr.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault() ?? "gave no reason";
        if (line.StartsWith(prefix, StringComparison.Ordinal))
            line = line[prefix.Length..];
        return Printable.Clean(line.Trim(), Longest);
    }
}
