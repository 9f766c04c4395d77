using Podspawn.Oci.Configuration;
using Podspawn.Oci.Configuration.Yaml;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Text;
using Podspawn.Oci.Translation;

namespace Podspawn.Oci.Matrix.Files;

/// <summary>A security config of a matrix: written out in the matrix file, or a separate file.</summary>
internal static class ConfigEntry
{
    private const string File = "file";
    private const string Example = "file: config.yaml";

    public static PodspawnConfig Read(YamlNode map, string key, FileReading file)
    {
        // This only looks: the reader that follows, for the one form or the other, reports what is wrong.
        var look = new ValueReader(new ConfigDiagnostics(file.Path));
        IReadOnlyList<(YamlScalar Key, YamlNode Value)> entries = look.Entries(map, key, Example);
        return entries.Any(entry => entry.Key.Value == File) ? ReadFile(map, key, file) : ReadInline(map, entries, key, file);
    }

    private static PodspawnConfig ReadFile(YamlNode map, string key, FileReading file)
    {
        PodspawnConfig config = PodspawnConfig.BuiltIn;
        foreach ((YamlScalar name, YamlNode node) in file.Values.Entries(map, key, Example))
        {
            if (name.Value == File)
                config = Load(node, $"{key}.{File}", file) ?? config;
            else
                file.Diagnostics.Error($"{key}.{name.Value}", "stands beside file", "write it in that file, or leave file away", name);
        }

        return config;
    }

    private static PodspawnConfig? Load(YamlNode node, string key, FileReading file)
    {
        if (file.AbsolutePath(node, key, Example) is null)
            return null;
        // The path as the user would name it from here, in messages and origins.
        string path = Path.Combine(Path.GetDirectoryName(file.Path) ?? "", ((YamlScalar)node).Value);
        ConfigReading reading = ConfigLoader.ReadFile(path);
        IReadOnlyList<Problem> problems = WithValues(reading.Problems, reading.Config);
        foreach (Problem problem in problems)
        {
            if (problem.Origin.Line == 0)
                file.Diagnostics.Error(key, $"{Printable.Clean(path, 120)}: {problem.What}", problem.Hint, node);
            else
                file.Diagnostics.Adopt(problem, node);
        }

        return problems.Count == 0 ? reading.Config : null;
    }

    // Problems that depend on the cells' host are reported by the cells; a value that is wrong everywhere is reported before they run.
    private static IReadOnlyList<Problem> WithValues(IReadOnlyList<Problem> unread, PodspawnConfig config) =>
        [.. unread, .. Translator.ValidateValues(config).Where(problem => unread.All(other => other.Key != problem.Key))];

    private static PodspawnConfig ReadInline(
        YamlNode map, IReadOnlyList<(YamlScalar Key, YamlNode Value)> entries, string key, FileReading file)
    {
        foreach ((YamlScalar name, _) in entries)
        {
            // The config's own rule for an unknown top-level key is a warning; here the config would silently be the default one.
            bool known = ConfigSchema.Sections.Contains(name.Value);
            if (!known && Suggestion.Closest(name.Value, [.. ConfigSchema.Sections, File]) == File)
                file.Diagnostics.Error($"{key}.{name.Value}", "unknown key", Suggestion.DidYouMean(File)!, name);
        }

        // The config's keys are its own, wherever it is written: its origins and warnings are those of a separate file.
        var diagnostics = new ConfigDiagnostics(file.Path);
        PodspawnConfig config = ConfigSchema.Read(map, file.Path, diagnostics);
        foreach (Problem problem in WithValues(diagnostics.Errors, config))
        {
            string problemKey = problem.Key.Length == 0 ? key : $"{key}.{problem.Key}";
            file.Diagnostics.Adopt(problem with { Key = Printable.Clean(problemKey, 200) }, map);
        }

        return config;
    }
}
