using System.Text.RegularExpressions;
using Podspawn.Oci.Configuration;
using Podspawn.Oci.Configuration.Yaml;
using Podspawn.Oci.Text;
using Podspawn.Oci.Verification.Findings;

namespace Podspawn.Oci.Matrix.Files;

/// <summary>Reads the list of probes: built-in ones by name, and commands.</summary>
internal static class ProbeSection
{
    public const string Example = "probes: [all]";

    private const string All = "all";
    private const string CommandExample = "{name: hello, command: [sh, -c, \"echo hello\"], output: hello}";

    private static readonly string[] Keys = ["name", "command", "exit_status", "output", "matches", "time_limit"];

    public static IReadOnlyList<MatrixProbe> Read(YamlNode? section, FileReading file)
    {
        var probes = new List<MatrixProbe>();
        if (section is null)
            return probes;

        var lines = new Dictionary<string, int>();
        IReadOnlyList<YamlNode> elements = file.Values.Elements(section, "probes", Example);
        for (int i = 0; i < elements.Count; i++)
        {
            foreach ((MatrixProbe probe, YamlNode at) in ReadElement(elements[i], $"probes[{i}]", file))
            {
                if (lines.TryAdd(probe.Name, at.Line))
                    probes.Add(probe);
                else
                    Twice($"probes[{i}]", probe, at);
            }
        }

        if (section is YamlSequence { Items.Count: 0 } or YamlScalar { IsNull: true })
            file.Diagnostics.Error("probes", "is empty", $"for example {Example}", section);
        return probes;

        void Twice(string key, MatrixProbe probe, YamlNode at) => file.Diagnostics.Error(
            key, $"{probe.Name} is given twice, first on line {lines[probe.Name]}", "leave one of the two", at);
    }

    private static IEnumerable<(MatrixProbe Probe, YamlNode At)> ReadElement(YamlNode node, string key, FileReading file)
    {
        if (node is YamlMapping)
            return ReadCommandProbe(node, key, file) is { } found ? [found] : [];
        if (file.Values.RequiredText(node, key, Example) is not { } name)
            return [];
        if (name == All)
            return FindingNames.All.Select(finding => (new MatrixProbe(finding, null), node));
        if (FindingNames.All.Contains(name))
            return [(new MatrixProbe(name, null), node)];

        string hint = Suggestion.DidYouMean(name, [.. FindingNames.All, All])
            ?? $"write {All}, a built-in probe's name, or a command as in {CommandExample}";
        file.Diagnostics.Error(key, $"{Printable.Quote(name)} is no built-in probe", hint, node);
        return [];
    }

    private static (MatrixProbe Probe, YamlNode At)? ReadCommandProbe(YamlNode map, string key, FileReading file)
    {
        (string Name, YamlNode At)? name = null;
        bool hasCommand = false, hasName = false;
        var command = new CommandProbe([], 0, null, null, null);
        foreach ((YamlScalar entry, YamlNode node) in file.Values.Entries(map, key, CommandExample))
        {
            string entryKey = $"{key}.{entry.Value}";
            switch (entry.Value)
            {
                case "name":
                    hasName = true;
                    name = ReadName(node, entryKey, file);
                    break;
                case "command":
                    hasCommand = true;
                    command = command with { Arguments = ReadCommand(node, entryKey, file) };
                    break;
                case "exit_status":
                    command = command with { ExitStatus = ReadExitStatus(node, entryKey, file) };
                    break;
                case "output":
                    // Trimmed like the command's output in the comparison: a block scalar ends in a line end.
                    command = command with { Output = file.Values.Text(node, entryKey, "output: hello")?.TrimEnd('\r', '\n') };
                    break;
                case "matches":
                    command = command with { OutputPattern = ReadPattern(node, entryKey, file) };
                    break;
                case "time_limit":
                    command = command with { TimeLimit = TimeLimits.Read(node, entryKey, file) };
                    break;
                default:
                    file.Unknown(entryKey, entry, Keys);
                    break;
            }
        }

        if (!hasName)
            file.Diagnostics.Error(key, "has no name", $"for example {CommandExample}", map);
        if (!hasCommand)
            file.Diagnostics.Error(key, "has no command", $"for example {CommandExample}", map);
        return name is var (text, at) ? (new MatrixProbe(text, command), at) : null;
    }

    private static (string Name, YamlNode At)? ReadName(YamlNode node, string key, FileReading file)
    {
        if (file.Values.RequiredText(node, key, "name: hello") is not { } name)
            return null;
        file.CheckName(name, key, node);
        if (name == All || FindingNames.All.Contains(name))
        {
            file.Diagnostics.Error(key, $"{name} means what is built in", "write another name", node);
            return null;
        }

        return (name, node);
    }

    private static IReadOnlyList<string> ReadCommand(YamlNode node, string key, FileReading file)
    {
        const string example = "command: [sh, -c, \"echo hello\"]";
        if (file.Values.Texts(node, key, example, whenNull: []) is not { } command)
            return [];
        if (node is not YamlSequence list || list.Items.Count == 0)
            file.Diagnostics.Error(key, "is empty", $"for example {example}", node);
        else if (command[0].Length == 0 && !ValueReader.WasWrong(list.Items[0], command[0]))
            file.Diagnostics.Error($"{key}[0]", "found an empty text, want a program", $"for example {example}", list.Items[0]);
        return command;
    }

    private static int ReadExitStatus(YamlNode node, string key, FileReading file)
    {
        long status = file.Values.Integer(node, key, "exit_status: 0") ?? 0;
        if (status is < 0 or > 255)
            file.Diagnostics.Error(key, $"{status} is no exit status", "write a number from 0 to 255", node);
        return (int)Math.Clamp(status, 0, 255);
    }

    private static string? ReadPattern(YamlNode node, string key, FileReading file)
    {
        if (file.Values.Text(node, key, "matches: ^hello") is not { } pattern)
            return null;
        try
        {
            _ = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.Multiline);
        }
        // The framework's message is not used: a trimmed program may not contain it.
        catch (RegexParseException exception)
        {
            string what = $"{Printable.Quote(pattern)} is no regular expression, as its character {exception.Offset} shows";
            file.Diagnostics.Error(key, what, "close what is open there, or put a backslash before what stands for itself", node);
        }
        catch (NotSupportedException)
        {
            const string hint = "write it shorter, without look-around, back-references and atomic groups";
            file.Diagnostics.Error(key, $"{Printable.Quote(pattern)} cannot be matched in bounded time", hint, node);
        }

        return pattern;
    }
}
