using Podspawn.Oci.Configuration;
using Podspawn.Oci.Configuration.Yaml;

namespace Podspawn.Oci.Matrix.Files;

/// <summary>Reads the sections that map names to values. The name of a wrong value stays known, for entries that refer to it.</summary>
internal static class Sections
{
    private const string RuntimesExample = "runtimes: {runc: {}}";
    private const string ConfigsExample = "configs: {default: {}}";
    private const string BundlesExample = "bundles: {empty: {}}";
    private const string RootfsExample = "rootfs: DIRECTORY";
    private const string BundleExample = "bundle: DIRECTORY";

    private static readonly string[] RuntimeKeys = ["program", "arguments"];
    private static readonly string[] BundleKeys = ["rootfs", "bundle"];

    public static string ExampleOf(string section) => section switch
    {
        "runtimes" => RuntimesExample,
        "configs" => ConfigsExample,
        "bundles" => BundlesExample,
        _ => ProbeSection.Example,
    };

    public static IReadOnlyList<MatrixRuntime> Runtimes(Dictionary<string, YamlNode> sections, FileReading file) =>
        Named(sections, "runtimes", file, (name, node, key) => ReadRuntime(name, node, key, file));

    public static IReadOnlyList<MatrixConfig> Configs(Dictionary<string, YamlNode> sections, FileReading file) =>
        Named(sections, "configs", file, (name, node, key) => new MatrixConfig(name, ConfigEntry.Read(node, key, file)));

    public static IReadOnlyList<MatrixBundle> Bundles(Dictionary<string, YamlNode> sections, FileReading file) =>
        Named(sections, "bundles", file, (name, node, key) => ReadBundle(name, node, key, file));

    private static List<T> Named<T>(
        Dictionary<string, YamlNode> sections, string section, FileReading file, Func<string, YamlNode, string, T> read)
    {
        var things = new List<T>();
        if (!sections.TryGetValue(section, out YamlNode? node))
            return things;
        foreach ((YamlScalar name, YamlNode value) in file.Values.Entries(node, section, ExampleOf(section)))
        {
            string key = $"{section}.{name.Value}";
            file.CheckName(name.Value, key, name);
            things.Add(read(name.Value, value, key));
        }

        if (node is YamlMapping { Entries.Count: 0 } or YamlScalar { IsNull: true })
            file.Diagnostics.Error(section, "is empty", $"for example {ExampleOf(section)}", node);
        return things;
    }

    private static MatrixRuntime ReadRuntime(string name, YamlNode map, string key, FileReading file)
    {
        var runtime = new MatrixRuntime(name, name, []);
        foreach ((YamlScalar entry, YamlNode node) in file.Values.Entries(map, key, RuntimesExample))
        {
            string entryKey = $"{key}.{entry.Value}";
            if (entry.Value == "program")
                runtime = runtime with { Program = ReadProgram(node, entryKey, file) ?? runtime.Program };
            else if (entry.Value == "arguments")
                runtime = runtime with { Arguments = ReadArguments(node, entryKey, file) };
            else
                file.Unknown(entryKey, entry, RuntimeKeys);
        }

        return runtime;
    }

    private static string? ReadProgram(YamlNode node, string key, FileReading file)
    {
        const string hint = "write a name such as runc, or a path";
        if (file.Values.Text(node, key, "program: runc") is not { } program)
            return null;
        if (program.Length == 0)
            file.Diagnostics.Error(key, "found an empty text, want a program", hint, node);
        else if (program[0] == '-' || program is "." or "..")
            file.Diagnostics.Error(key, $"\"{Text.Printable.Clean(program)}\" is no program", hint, node);
        else if (program.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
            file.Diagnostics.Error(key, "the program holds white space or a control character", hint, node);
        // A bare name is looked up in PATH; as everywhere, a slash makes it a path.
        else if (program.Contains('/'))
            return file.Absolute(program, key, node);
        return program;
    }

    private static IReadOnlyList<string> ReadArguments(YamlNode node, string key, FileReading file)
    {
        const string example = "arguments: [--platform=ptrace]";
        IReadOnlyList<string> arguments = file.Values.Texts(node, key, example, whenNull: []) ?? [];
        for (int i = 0; i < arguments.Count && node is YamlSequence list; i++)
        {
            // Any other word would be taken for the runtime's verb.
            if (!ValueReader.WasWrong(list.Items[i], arguments[i]) && (!arguments[i].StartsWith('-') || arguments[i].AsSpan().Trim('-').IsEmpty))
            {
                string what = $"{Text.Printable.Quote(arguments[i])} does not begin with a dash and a name";
                file.Diagnostics.Error($"{key}[{i}]", what, $"for example {example}", list.Items[i]);
            }
        }

        return arguments;
    }

    private static MatrixBundle ReadBundle(string name, YamlNode map, string key, FileReading file)
    {
        var bundle = new MatrixBundle(name, null, null);
        foreach ((YamlScalar entry, YamlNode node) in file.Values.Entries(map, key, RootfsExample))
        {
            string entryKey = $"{key}.{entry.Value}";
            if (entry.Value == "rootfs")
                bundle = bundle with { RootfsPath = file.AbsolutePath(node, entryKey, RootfsExample) };
            else if (entry.Value == "bundle")
                bundle = bundle with { BundlePath = file.AbsolutePath(node, entryKey, BundleExample) };
            else
                file.Unknown(entryKey, entry, BundleKeys);
        }

        if (bundle is { RootfsPath: not null, BundlePath: not null })
            file.Diagnostics.Error(key, "names a rootfs and a bundle", "leave one of the two", map);
        return bundle;
    }
}
