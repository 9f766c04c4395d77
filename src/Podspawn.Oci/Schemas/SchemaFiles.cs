namespace Podspawn.Oci.Schemas;

/// <summary>The JSON Schemas (draft 2020-12) of the formats that we read and write.</summary>
public static class SchemaFiles
{
    /// <summary>The names for <see cref="Open"/>.</summary>
    public static IReadOnlyList<string> Names { get; } = ["config", "runtime-matrix", "verify", "matrix", "inspect", "ps", "images", "stats", "events"];

    /// <summary>A schema's text, UTF-8.</summary>
    /// <exception cref="ArgumentException">There is no schema of this name.</exception>
    public static Stream Open(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        // Checked against our own list first: the assembly may contain other resources too.
        Stream? stream = Names.Contains(name) ? typeof(SchemaFiles).Assembly.GetManifestResourceStream($"{name}.schema.json") : null;
        return stream ?? throw new ArgumentException($"there is no schema '{name}'; known are {string.Join(", ", Names)}", nameof(name));
    }
}
