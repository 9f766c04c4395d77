using Podspawn.Oci.Configuration;
using Podspawn.Oci.Configuration.Yaml;
using Podspawn.Oci.Errors;
using YamlDotNet.Core;

namespace Podspawn.Oci.Matrix.Files;

/// <summary>Reads a runtime-matrix.yml, completely or not at all: readers of a report would trust a cell that is unintended, and not miss one that is absent.</summary>
public static class MatrixFileReader
{
    /// <summary>The version of the format that we read.</summary>
    public const int Version = 1;

    private const string Example = "version: 1";

    private static readonly TimeSpan DefaultTimeLimit = TimeSpan.FromSeconds(60);

    private static readonly string[] Keys =
        ["version", "time_limit", "runtimes", "configs", "bundles", "probes", "exclude", "include", "expect"];

    /// <summary>Loads a file.</summary>
    /// <exception cref="ConfigException">The file cannot be honoured; the exception contains every problem found, in the order of the file.</exception>
    public static MatrixFile Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string text = ConfigFile.ReadIfPresent(path) ?? throw new ConfigException(
            [new Problem("", "no such file", "name a matrix file", new Origin(path))]);
        return Parse(text, path);
    }

    /// <summary>Loads a file's text.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="path">The file's path for messages, and for the relative paths in it.</param>
    /// <exception cref="ConfigException">The text cannot be honoured; the exception contains every problem found, in the order of the text.</exception>
    public static MatrixFile Parse(string text, string path)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(path);
        var file = new FileReading(path);
        YamlNode root = YamlTree.Read(text.StartsWith('\ufeff') ? text[1..] : text, file.Diagnostics)
            ?? throw file.Diagnostics.Fail("", "the file is empty", $"begin with {Example}", new Mark(0, 1, 1));
        if (root is not YamlMapping)
        {
            file.Values.Entries(root, "", Example);
            file.Diagnostics.ThrowIfAny();
        }

        MatrixFile matrix = Read(root, file);
        file.Diagnostics.ThrowIfAny();
        return matrix;
    }

    private static MatrixFile Read(YamlNode root, FileReading file)
    {
        var sections = new Dictionary<string, YamlNode>();
        IReadOnlyList<(YamlScalar Key, YamlNode Value)> entries = file.Values.Entries(root, "", Example);
        foreach ((YamlScalar key, YamlNode value) in entries)
            sections.Add(key.Value, value);
        CheckVersion(root, sections, file);
        foreach ((YamlScalar key, _) in entries)
        {
            if (!Keys.Contains(key.Value))
                file.Unknown(key.Value, key, Keys);
        }

        TimeSpan? limit = sections.TryGetValue("time_limit", out YamlNode? node) ? TimeLimits.Read(node, "time_limit", file) : null;
        foreach (string required in (string[])["runtimes", "configs", "bundles", "probes"])
        {
            if (!sections.ContainsKey(required))
                file.Diagnostics.Error(required, "is missing", $"for example {Sections.ExampleOf(required)}", root);
        }

        IReadOnlyList<MatrixRuntime> runtimes = Sections.Runtimes(sections, file);
        IReadOnlyList<MatrixConfig> configs = Sections.Configs(sections, file);
        IReadOnlyList<MatrixBundle> bundles = Sections.Bundles(sections, file);
        IReadOnlyList<MatrixProbe> probes = ProbeSection.Read(sections.GetValueOrDefault("probes"), file);
        var product = new CellProduct(
            [.. runtimes.Select(runtime => runtime.Name)],
            [.. configs.Select(config => config.Name)],
            [.. bundles.Select(bundle => bundle.Name)],
            [.. probes.Select(probe => probe.Name)]);
        SelectorLists selectors = SelectorLists.Read(sections, product, file);
        IReadOnlyList<MatrixCell> cells = CellExpansion.Expand(product, selectors, root, file.Diagnostics);
        return new MatrixFile(file.Path, limit ?? DefaultTimeLimit, runtimes, configs, bundles, probes, cells);
    }

    private static void CheckVersion(YamlNode root, Dictionary<string, YamlNode> sections, FileReading file)
    {
        if (!sections.TryGetValue("version", out YamlNode? node) || node is YamlScalar { IsNull: true })
        {
            file.Diagnostics.Error("version", "is missing", $"write {Example}", node ?? root);
        }
        else if (file.Values.Integer(node, "version", Example) is { } version and not Version)
        {
            // What the rest means in another version is not guessed.
            file.Diagnostics.Error("version", $"{version} is unknown", $"this program reads version {Version}", node);
            file.Diagnostics.ThrowIfAny();
        }
    }
}
