using Podspawn.Oci.Configuration.Yaml;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Matrix.Files;

/// <summary>An <c>expect</c> entry.</summary>
/// <param name="Selector">The cells that it applies to.</param>
/// <param name="When">The releases of each of its runtimes that it applies to; null for every release.</param>
/// <param name="Result">The expected result.</param>
/// <param name="Reason">The reason.</param>
internal sealed record Expectation(CellSelector Selector, IReadOnlyDictionary<string, ReleaseRange>? When, CellResult Result, string Reason)
{
    /// <summary>The releases of the cell's runtime to which the entry applies.</summary>
    public ReleaseRange WhenOf(CellKey cell) => When?.GetValueOrDefault(cell.Runtime) ?? ReleaseRange.Any;
}

/// <summary>The lists <c>exclude</c>, <c>include</c> and <c>expect</c>.</summary>
/// <param name="Exclude">The cells that do not run.</param>
/// <param name="Include">Excluded cells that run all the same; each entry matches one cell.</param>
/// <param name="Expect">The known differences.</param>
/// <param name="Sound">Whether every entry could be read.</param>
internal sealed record SelectorLists(
    IReadOnlyList<CellSelector> Exclude, IReadOnlyList<CellSelector> Include, IReadOnlyList<Expectation> Expect, bool Sound)
{
    private const string SelectorExample = "{runtime: runsc, probe: devices}";
    private const string IncludeExample = "{runtime: runc, config: default, bundle: empty, probe: devices}";
    private const string ExpectExample = "{runtime: runsc, probe: seccomp, result: holds differently, reason: \"why\"}";

    private static readonly string[] ExpectKeys = [.. CellProduct.Dimensions, "when", "result", "reason"];

    /// <summary>The results that may be expected instead of <see cref="CellResult.Holds"/>.</summary>
    private static readonly Dictionary<string, CellResult> Results = new()
    {
        ["holds differently"] = CellResult.HoldsDifferently,
        ["falls short"] = CellResult.FallsShort,
        ["error"] = CellResult.Error,
        ["time limit"] = CellResult.TimeLimit,
    };

    public static SelectorLists Read(Dictionary<string, YamlNode> sections, CellProduct product, FileReading file)
    {
        bool sound = true;
        return new SelectorLists(
            ReadList("exclude", SelectorExample, (map, key) => ReadSelector(map, key, product, file)),
            ReadList("include", IncludeExample, (map, key) => ReadCell(map, key, product, file)),
            ReadList("expect", ExpectExample, (map, key) => ReadExpectation(map, key, product, file)),
            sound);

        List<T> ReadList<T>(string section, string example, Func<YamlNode, string, T?> read)
            where T : class
        {
            var list = new List<T>();
            if (!sections.TryGetValue(section, out YamlNode? node))
                return list;
            IReadOnlyList<YamlNode> elements = file.Values.Elements(node, section, $"{section}: [{example}]");
            for (int i = 0; i < elements.Count; i++)
            {
                if (read(elements[i], $"{section}[{i}]") is { } entry)
                    list.Add(entry);
                else
                    sound = false;
            }

            return list;
        }
    }

    private static CellSelector? ReadSelector(YamlNode map, string key, CellProduct product, FileReading file) =>
        ReadSelector(map, key, product, file, SelectorExample, CellProduct.Dimensions, (_, _, _) => { }, single: false);

    /// <summary>Reads a selector; keys that are not a selector's go to the given reader. Null where something is wrong.</summary>
    private static CellSelector? ReadSelector(
        YamlNode map,
        string key,
        CellProduct product,
        FileReading file,
        string example,
        IReadOnlyList<string> known,
        Action<string, YamlNode, string> readOther,
        bool single)
    {
        bool sound = true;
        var names = new Dictionary<string, IReadOnlyList<string>>();
        IReadOnlyList<(YamlScalar Key, YamlNode Value)> entries = file.Values.Entries(map, key, example);
        foreach ((YamlScalar entry, YamlNode node) in entries)
        {
            string entryKey = $"{key}.{entry.Value}";
            if (CellProduct.Dimensions.Contains(entry.Value))
            {
                IReadOnlyList<string>? read = CellSelector.ReadNames(node, entryKey, product.Names(entry.Value), file);
                sound &= read is not null;
                if (single && read is { Count: > 1 })
                {
                    sound = false;
                    file.Diagnostics.Error(entryKey, "names more than one", "write an entry for each", node);
                }

                names[entry.Value] = read ?? [];
            }
            else if (known.Contains(entry.Value))
            {
                readOther(entry.Value, node, entryKey);
            }
            else
            {
                sound = false;
                file.Unknown(entryKey, entry, known);
            }
        }

        if (map is not (YamlMapping or YamlScalar { IsNull: true }))
            return null;
        // A mistyped key is reported as such; an empty selector without one would select every cell.
        if (sound && names.Count == 0)
        {
            file.Diagnostics.Error(key, "names no runtime, config, bundle or probe", $"for example {example}", map);
            return null;
        }

        return sound ? new CellSelector(key, map, names) : null;
    }

    private static CellSelector? ReadCell(YamlNode map, string key, CellProduct product, FileReading file)
    {
        CellSelector? selector = ReadSelector(
            map, key, product, file, IncludeExample, CellProduct.Dimensions, (_, _, _) => { }, single: true);
        if (selector is null)
            return null;
        string[] missing = [.. CellProduct.Dimensions.Where(dimension => !selector.Names.ContainsKey(dimension))];
        if (missing.Length == 0)
            return selector;
        file.Diagnostics.Error(key, $"names no {string.Join(", no ", missing)}", $"name one cell, for example {IncludeExample}", map);
        return null;
    }

    private static Expectation? ReadExpectation(YamlNode map, string key, CellProduct product, FileReading file)
    {
        CellResult? result = null;
        string? reason = null;
        bool hasResult = false, hasReason = false;
        (YamlNode Node, string Key)? range = null;
        CellSelector? selector = ReadSelector(map, key, product, file, ExpectExample, ExpectKeys, (name, node, entryKey) =>
        {
            if (name == "when")
                range = (node, entryKey);
            else if (name == "result")
                (hasResult, result) = (true, ReadResult(node, entryKey, file));
            else
                (hasReason, reason) = (true, ReadReason(node, entryKey, file));
        }, single: false);
        if (map is YamlMapping && !hasResult)
            file.Diagnostics.Error(key, "has no result", $"write one of {string.Join(", ", Results.Keys)}", map);
        if (map is YamlMapping && !hasReason)
            file.Diagnostics.Error(key, "has no reason", "write why, as reason: \"...\"", map);
        // The runtimes that it may mention are known when the whole entry is read.
        IReadOnlyDictionary<string, ReleaseRange>? when = null;
        if (selector is not null && range is var (at, rangeKey))
        {
            when = ReleaseRangeReader.Read(at, rangeKey, selector.Names.GetValueOrDefault("runtime") ?? product.Runtimes, file);
            if (when is null)
                return null;
        }

        return selector is not null && result is { } expected && reason is not null ? new Expectation(selector, when, expected, reason) : null;
    }

    private static CellResult? ReadResult(YamlNode node, string key, FileReading file)
    {
        if (file.Values.RequiredText(node, key, "result: holds differently") is not { } text)
            return null;
        if (Results.TryGetValue(text, out CellResult result))
            return result;
        if (text == "holds")
            file.Diagnostics.Error(key, "holds is what is expected of every cell", "take the entry away", node);
        else
            file.Diagnostics.Error(key, $"{Printable.Quote(text)} is no result", FileReading.Hint(text, Results.Keys), node);
        return null;
    }

    private static string? ReadReason(YamlNode node, string key, FileReading file)
    {
        if (file.Values.RequiredText(node, key, "reason: \"why\"") is not { } reason)
            return null;
        if (!string.IsNullOrWhiteSpace(reason))
            return reason.Trim();
        file.Diagnostics.Error(key, "is empty", "write why, for whoever reads the table", node);
        return null;
    }
}
