using Podspawn.Oci.Configuration.Yaml;

namespace Podspawn.Oci.Matrix.Files;

/// <summary>Selects the cells of an entry: for each dimension that it mentions, the cells with these names.</summary>
/// <param name="Key">Its key, such as <c>exclude[0]</c>.</param>
/// <param name="At">Its position.</param>
/// <param name="Names">The names that it mentions, by dimension.</param>
internal sealed record CellSelector(string Key, YamlNode At, IReadOnlyDictionary<string, IReadOnlyList<string>> Names)
{
    public bool Matches(CellKey cell) =>
        Matches("runtime", cell.Runtime) && Matches("config", cell.Config)
        && Matches("bundle", cell.Bundle) && Matches("probe", cell.Probe);

    /// <summary>Reads the value of a dimension, a name or a list of names; null where one is wrong.</summary>
    public static IReadOnlyList<string>? ReadNames(YamlNode node, string key, IReadOnlyList<string> known, FileReading file)
    {
        const string example = "runtime: [runc, crun]";
        if (node is not YamlSequence list)
            return ReadName(node, key, known, file) is { } name ? [name] : null;
        if (list.Items.Count == 0)
        {
            file.Diagnostics.Error(key, "is empty", $"for example {example}, or leave the key away for any", node);
            return null;
        }

        var names = new List<string>();
        for (int i = 0; i < list.Items.Count; i++)
        {
            if (ReadName(list.Items[i], $"{key}[{i}]", known, file) is { } name)
                names.Add(name);
        }

        return names.Count == list.Items.Count ? names : null;
    }

    /// <summary>Reads one name; null where it is wrong.</summary>
    public static string? ReadName(YamlNode node, string key, IReadOnlyList<string> known, FileReading file)
    {
        if (file.Values.RequiredText(node, key, "runtime: runc") is not { } name)
            return null;
        // A missing or empty section is already reported.
        if (known.Count == 0)
            return null;
        if (known.Contains(name))
            return name;
        file.Diagnostics.Error(key, $"{Text.Printable.Quote(name)} is not in this file", FileReading.Hint(name, known), node);
        return null;
    }

    private bool Matches(string dimension, string name) =>
        !Names.TryGetValue(dimension, out IReadOnlyList<string>? names) || names.Contains(name);
}
