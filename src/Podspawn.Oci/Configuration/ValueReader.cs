using System.Globalization;
using Podspawn.Oci.Configuration.Yaml;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Configuration;

/// <summary>
/// Reads nodes as the types of the config. Each method records the origin of what it read, and returns null where the default stays: for a null, as
/// podspawn does, and for a wrong value, which is then a problem.
/// </summary>
internal sealed class ValueReader(ConfigDiagnostics diagnostics)
{
    private const string Truths = "true or false";

    public string? Text(YamlNode node, string key, string example)
    {
        if (node is YamlScalar { IsNull: true })
            return null;
        // podspawn accepts any scalar as a text, as it is written: 5, true, 2024-01-01.
        if (node is not YamlScalar { IsBinary: false } scalar)
            return Wrong<string>(node, key, "a text", example);
        if (scalar.Value.Contains('\0'))
        {
            diagnostics.Error(key, $"{Printable.Quote(scalar.Value)} contains a NUL character", "write a text without it", node);
            return null;
        }

        diagnostics.Note(key, node);
        return scalar.Value;
    }

    public bool? Truth(YamlNode node, string key, string example)
    {
        if (node is YamlScalar { IsNull: true })
            return null;
        if (node is not YamlScalar scalar)
            return Wrong<bool?>(node, key, Truths, example);

        bool? value = scalar.Value switch
        {
            "true" or "True" or "TRUE" => scalar.IsPlain ? true : null,
            "false" or "False" or "FALSE" => scalar.IsPlain ? false : null,
            // podspawn's YAML library accepts these in quotes as well.
            "y" or "Y" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" => true,
            "n" or "N" or "no" or "No" or "NO" or "off" or "Off" or "OFF" => false,
            _ => null,
        };
        if (value is null)
            return Wrong<bool?>(node, key, Truths, example);
        diagnostics.Note(key, node);
        return value;
    }

    public long? Integer(YamlNode node, string key, string example)
    {
        if (Number(node, key, "a whole number", example) is not { } value)
            return null;
        if (value != decimal.Truncate(value))
            return Wrong<long?>(node, key, "a whole number", example);
        if (value is > long.MaxValue or < long.MinValue)
            return OutOfRange<long?>(node, key, example);
        diagnostics.Note(key, node);
        return (long)value;
    }

    public decimal? Fraction(YamlNode node, string key, string example)
    {
        if (Number(node, key, "a number", example) is not { } value)
            return null;
        diagnostics.Note(key, node);
        return value;
    }

    /// <summary>A list of texts; <paramref name="whenNull"/> for a null.</summary>
    public IReadOnlyList<string>? Texts(YamlNode node, string key, string example, IReadOnlyList<string>? whenNull)
    {
        if (node is YamlScalar { IsNull: true })
        {
            if (whenNull is not null)
                diagnostics.Note(key, node);
            return whenNull;
        }

        if (node is not YamlSequence list)
            return Wrong<IReadOnlyList<string>>(node, key, "a list", example);

        diagnostics.Note(key, node);
        var texts = new List<string>(list.Items.Count);
        for (int i = 0; i < list.Items.Count; i++)
        {
            string itemKey = string.Create(CultureInfo.InvariantCulture, $"{key}[{i}]");
            if (list.Items[i] is YamlScalar { IsNull: true })
                diagnostics.Error(itemKey, "found nothing, want a text", "write a value or take the element away", list.Items[i]);
            // A wrong element stays in its place, so that the elements after it have the right numbers.
            texts.Add(Text(list.Items[i], itemKey, example) ?? "");
        }

        return texts;
    }

    /// <summary>Whether an element of a list of texts was wrong: its problem was recorded, and an empty text stands in its place.</summary>
    public static bool WasWrong(YamlNode element, string read) => read.Length == 0 && element is not YamlScalar { IsNull: false, Value: "" };

    /// <summary>The elements of a list; empty for a null.</summary>
    public IReadOnlyList<YamlNode> Elements(YamlNode node, string key, string example)
    {
        if (node is YamlSequence list)
            return list.Items;
        if (node is not YamlScalar { IsNull: true })
            Wrong<string>(node, key, "a list", example);
        return [];
    }

    /// <summary>A required text: null only where a problem was recorded.</summary>
    public string? RequiredText(YamlNode node, string key, string example)
    {
        if (node is YamlScalar { IsNull: true })
            return Wrong<string>(node, key, "a text", example);
        return Text(node, key, example);
    }

    /// <summary>A map of texts in the order written; empty for a null.</summary>
    public IReadOnlyList<KeyValuePair<string, string>>? TextMap(YamlNode node, string key, string example)
    {
        if (node is YamlScalar { IsNull: true })
        {
            diagnostics.Note(key, node);
            return [];
        }

        if (node is not YamlMapping)
            return Wrong<IReadOnlyList<KeyValuePair<string, string>>>(node, key, "a map", example);

        diagnostics.Note(key, node);
        var map = new List<KeyValuePair<string, string>>();
        foreach ((YamlScalar name, YamlNode value) in Entries(node, key, example))
        {
            string itemKey = $"{key}.{name.Value}";
            if (name.IsNull)
                diagnostics.Error(itemKey, "found nothing before the colon, want a path", $"for example {example}", name);
            else if (value is YamlScalar { IsNull: true })
                map.Add(new(name.Value, ""));
            else if (Text(value, itemKey, example) is { } text)
                map.Add(new(name.Value, text));
            else
                continue;
            diagnostics.Note(itemKey, name);
        }

        return map;
    }

    /// <summary>The entries of a map with its merge keys applied (https://yaml.org/type/merge.html); empty for a null.</summary>
    public IReadOnlyList<(YamlScalar Key, YamlNode Value)> Entries(YamlNode node, string key, string example)
    {
        var entries = new List<(YamlScalar, YamlNode)>();
        if (node is YamlMapping map)
            Collect(map, key, entries, []);
        else if (node is not YamlScalar { IsNull: true })
            Wrong<string>(node, key, "a map", example);
        return entries;
    }

    /// <summary>The map's own entries come first, and a merged entry does not replace an existing one.</summary>
    private void Collect(YamlMapping map, string key, List<(YamlScalar, YamlNode)> entries, HashSet<string> seen)
    {
        YamlNode? merged = null;
        foreach ((YamlNode name, YamlNode value) in map.Entries)
        {
            if (name is not YamlScalar scalar)
                diagnostics.Error(key, $"found {Describe(name)} for a key, want a word", "write a plain word before the colon", name);
            else if (scalar.IsMergeKey)
                merged = value;
            else if (seen.Add(scalar.Value))
                entries.Add((scalar, value));
        }

        IReadOnlyList<YamlNode> sources = merged switch
        {
            null => [],
            YamlSequence list => list.Items,
            _ => [merged],
        };
        foreach (YamlNode source in sources)
        {
            if (source is YamlMapping mapping)
            {
                Collect(mapping, key, entries, seen);
            }
            else
            {
                diagnostics.Error(
                    $"{key}.<<", $"found {Describe(source)} to merge, want a map", "name the anchor of a map, as in <<: *base", source);
            }
        }
    }

    private decimal? Number(YamlNode node, string key, string wanted, string example)
    {
        if (node is YamlScalar { IsNull: true })
            return null;
        if (node is not YamlScalar { IsPlain: true } scalar)
            return Wrong<decimal?>(node, key, wanted, example);
        return YamlNumber.Parse(scalar.Value, out decimal value) switch
        {
            NumberKind.Number => value,
            NumberKind.OutOfRange => OutOfRange<decimal?>(node, key, example),
            _ => Wrong<decimal?>(node, key, wanted, example),
        };
    }

    private T? OutOfRange<T>(YamlNode node, string key, string example)
    {
        diagnostics.Error(key, $"{Describe(node)} is out of range", $"for example {example}", node);
        return default;
    }

    private T? Wrong<T>(YamlNode node, string key, string wanted, string example)
    {
        bool quotedValue = node is YamlScalar { IsPlain: false, IsBinary: false } scalar && (wanted == Truths
            ? scalar.Value.ToUpperInvariant() is "TRUE" or "FALSE"
            : wanted.EndsWith("number", StringComparison.Ordinal) && YamlNumber.Parse(scalar.Value, out _) == NumberKind.Number);
        string hint = quotedValue ? $"take the quotes away, for example {example}" : $"for example {example}";
        diagnostics.Error(key, $"found {Describe(node)}, want {wanted}", hint, node);
        return default;
    }

    private static string Describe(YamlNode node) => node switch
    {
        YamlSequence => "a list",
        YamlMapping => "a map",
        YamlScalar { IsNull: true } => "nothing",
        YamlScalar { IsBinary: true } => "binary data",
        YamlScalar { IsPlain: true } plain when YamlNumber.Parse(plain.Value, out _) != NumberKind.NotANumber =>
            Printable.Clean(plain.Value),
        YamlScalar { IsPlain: true, Value: "true" or "false" } plain => plain.Value,
        YamlScalar scalar => $"the text {Printable.Quote(scalar.Value)}",
        _ => "something else",
    };
}
