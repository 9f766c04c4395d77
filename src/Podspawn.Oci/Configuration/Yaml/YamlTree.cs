using Podspawn.Oci.Errors;
using Podspawn.Oci.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Podspawn.Oci.Configuration.Yaml;

/// <summary>Builds the one document of a text from YamlDotNet's events, within limits: a small file must not cost much, however it nests or refers to itself.</summary>
internal sealed class YamlTree
{
    private const int MaxDepth = 64;
    private const int MaxNodes = 100_000;

    private readonly string text;
    private readonly ConfigDiagnostics diagnostics;
    private readonly Parser parser;
    private readonly Dictionary<string, (int Owner, YamlNode? Node)> anchors = [];
    private readonly List<string> path = [];
    private int count;

    private YamlTree(string text, ConfigDiagnostics diagnostics)
    {
        this.text = text;
        this.diagnostics = diagnostics;
        parser = new Parser(new StringReader(text));
    }

    /// <summary>The document's root, or null when the text contains no document. Duplicate keys are added to the diagnostics.</summary>
    /// <exception cref="ConfigException">The text is not YAML, or exceeds a limit.</exception>
    public static YamlNode? Read(string text, ConfigDiagnostics diagnostics)
    {
        YamlText.Check(text, diagnostics);
        var tree = new YamlTree(text, diagnostics);
        try
        {
            return tree.ReadDocument();
        }
        // On malformed text YamlDotNet also throws other exceptions (ArgumentOutOfRangeException at "\UFFFFFFFF").
        catch (Exception exception) when (exception is not (ConfigException or OutOfMemoryException))
        {
            throw YamlText.Explain(exception, tree.parser.Current, text, diagnostics);
        }
    }

    private YamlNode? ReadDocument()
    {
        Advance();
        Advance();
        if (parser.Current is StreamEnd)
            return null;

        Advance();
        YamlNode root = ReadNode(0, inFlow: false);
        Advance();
        if (parser.Current is DocumentStart second)
        {
            throw diagnostics.Fail(
                "", "a second document begins here, and would never be read", "leave one document in the file", second.Start);
        }

        return root;
    }

    /// <summary>Reads the node that begins at the current event, and moves past it.</summary>
    private YamlNode ReadNode(int depth, bool inFlow)
    {
        ParsingEvent start = parser.Current!;
        if (!inFlow && YamlText.IsIndentedWithTab(text, start.Start.Index))
            throw diagnostics.Fail("", YamlText.TabIndent, YamlText.TabMend, start.Start);
        if (++count > MaxNodes)
            throw TooMany(start);

        int before = count;
        // The anchor is known, but its node is not complete: an alias to it from inside would never end. Of two nodes with the same anchor the one that begins later wins.
        string? anchor = start is NodeEvent { Anchor.IsEmpty: false } anchored && start is not AnchorAlias ? anchored.Anchor.Value : null;
        if (anchor is not null)
            anchors[CheckName(anchor, start)] = (before, null);
        YamlNode node;
        switch (start)
        {
            case AnchorAlias alias:
                node = Resolve(alias, depth);
                Advance();
                return node;
            case Scalar scalar:
                bool plain = scalar.Style is ScalarStyle.Plain or ScalarStyle.Any;
                if (plain && inFlow && YamlText.ComplaintInBrackets(text, scalar) is var (what, hint))
                    throw diagnostics.Fail("", what, hint, scalar.Start);
                string tag = scalar.Tag.IsEmpty || scalar.Tag.IsNonSpecific ? "" : scalar.Tag.Value;
                node = new YamlScalar((int)start.Start.Line, (int)start.Start.Column, scalar.Value, plain, tag);
                if (((YamlScalar)node).IsMistagged)
                    throw diagnostics.Fail("", $"{Printable.Quote(scalar.Value)} is not what its tag {Printable.Clean(tag)} says", "leave the tag away", scalar.Start);
                Advance();
                break;
            case SequenceStart list:
                node = ReadSequence(list, depth + 1, inFlow || list.Style == SequenceStyle.Flow);
                break;
            case MappingStart map:
                node = ReadMapping(map, depth + 1, inFlow || map.Style == MappingStyle.Flow);
                break;
            default:
                throw new InvalidOperationException($"unexpected {start.GetType().Name}");
        }

        if (anchor is not null && anchors[anchor].Owner == before)
            anchors[anchor] = (before, node);
        node.Size = count - before + 1;
        return node;
    }

    private YamlNode Resolve(AnchorAlias alias, int depth)
    {
        string name = CheckName(alias.Value.Value, alias);
        if (!anchors.TryGetValue(name, out (int Owner, YamlNode? Node) anchor))
            throw diagnostics.Fail("", $"no anchor &{Printable.Clean(name)} stands before this alias", "write the anchor first", alias.Start);
        if (anchor.Node is not { } target)
            throw diagnostics.Fail("", $"anchor &{Printable.Clean(name)} contains itself", "write the value out", alias.Start);
        if (depth + target.Depth > MaxDepth)
            throw TooDeep(alias);
        count += target.Size - 1;
        return count > MaxNodes ? throw TooMany(alias) : target;
    }

    // YAML readers do not agree on where a longer name ends.
    private string CheckName(string name, ParsingEvent at) => name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
        ? name
        : throw diagnostics.Fail("", $"the anchor's name {Printable.Quote(name)} holds more than letters, digits, '-' and '_'", "choose another name", at.Start);

    private YamlSequence ReadSequence(SequenceStart start, int depth, bool inFlow)
    {
        Enter(start, depth);
        var list = new YamlSequence((int)start.Start.Line, (int)start.Start.Column) { Depth = 1 };
        while (parser.Current is not SequenceEnd)
        {
            path.Add($"[{list.Items.Count}]");
            YamlNode item = ReadNode(depth, inFlow);
            path.RemoveAt(path.Count - 1);
            list.Items.Add(item);
            list.Depth = Math.Max(list.Depth, 1 + item.Depth);
        }

        Advance();
        return list;
    }

    private YamlMapping ReadMapping(MappingStart start, int depth, bool inFlow)
    {
        Enter(start, depth);
        var map = new YamlMapping((int)start.Start.Line, (int)start.Start.Column) { Depth = 1 };
        var lines = new Dictionary<string, int>();
        while (parser.Current is not MappingEnd)
        {
            YamlNode key = ReadNode(depth, inFlow);
            string name = (key as YamlScalar)?.Value ?? "?";
            path.Add(path.Count == 0 ? name : $".{name}");
            if (key is YamlScalar && !lines.TryAdd(name, key.Line))
            {
                diagnostics.Error(
                    string.Concat(path), $"is given twice, first on line {lines[name]}", "leave one of the two", key);
            }

            YamlNode value = ReadNode(depth, inFlow);
            path.RemoveAt(path.Count - 1);
            map.Entries.Add(new(key, value));
            map.Depth = Math.Max(map.Depth, 1 + Math.Max(key.Depth, value.Depth));
        }

        Advance();
        return map;
    }

    private void Enter(NodeEvent start, int depth)
    {
        if (depth > MaxDepth)
            throw TooDeep(start);
        Advance();
    }

    private void Advance()
    {
        if (!parser.MoveNext())
            throw new InvalidOperationException("the text ends too early");
    }

    private ConfigException TooDeep(ParsingEvent at) => diagnostics.Fail(
        "", $"lists and maps are nested deeper than {MaxDepth} levels", "a config needs four", at.Start);

    private ConfigException TooMany(ParsingEvent at) => diagnostics.Fail(
        "", $"there are more than {MaxNodes} values, aliases written out", "use fewer aliases of aliases", at.Start);
}
