namespace Podspawn.Oci.Configuration.Yaml;

/// <summary>A node of a YAML document with its position. An alias is the same object as its anchor's node, so a document is a graph.</summary>
internal abstract class YamlNode(int line, int column)
{
    public int Line { get; } = line;

    public int Column { get; } = column;

    /// <summary>The number of nodes here and below, every alias counted as if it were written out.</summary>
    public int Size { get; set; } = 1;

    /// <summary>The depth of nested lists and maps here, this one included.</summary>
    public int Depth { get; set; }
}

/// <summary>A scalar.</summary>
internal sealed class YamlScalar(int line, int column, string value, bool plain, string tag) : YamlNode(line, column)
{
    private const string Core = "tag:yaml.org,2002:";

    public string Value { get; } = value;

    /// <summary>Whether it is unquoted and untagged, or has a tag that makes it a number or truth value.</summary>
    public bool IsPlain => tag.Length == 0 ? plain : tag is Core + "int" or Core + "float" or Core + "bool";

    public bool IsNull => (tag.Length == 0 && plain && Value is "" or "~" or "null" or "Null" or "NULL") || tag == Core + "null";

    public bool IsMergeKey => Value == "<<" && (tag.Length == 0 ? plain : tag == Core + "merge");

    /// <summary>Whether its tag does not fit its value: podspawn's YAML library then refuses the file.</summary>
    public bool IsMistagged => tag switch
    {
        Core + "null" => Value is not ("" or "~" or "null" or "Null" or "NULL"),
        Core + "bool" => Value is not ("true" or "True" or "TRUE" or "false" or "False" or "FALSE"),
        Core + "int" => !YamlNumber.IsInteger(Value),
        Core + "float" => YamlNumber.Parse(Value, out _) == NumberKind.NotANumber,
        _ => false,
    };

    public bool IsBinary => tag == Core + "binary";
}

/// <summary>A list.</summary>
internal sealed class YamlSequence(int line, int column) : YamlNode(line, column)
{
    public List<YamlNode> Items { get; } = [];
}

/// <summary>A map, its entries in the order written, merge keys not yet applied.</summary>
internal sealed class YamlMapping(int line, int column) : YamlNode(line, column)
{
    public List<KeyValuePair<YamlNode, YamlNode>> Entries { get; } = [];
}
