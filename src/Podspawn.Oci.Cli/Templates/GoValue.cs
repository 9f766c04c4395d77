namespace Podspawn.Oci.Cli.Templates;

/// <summary>A value as Go's text/template knows it: what templates print, compare and walk through.</summary>
internal abstract record GoValue;

/// <summary>No value at all: a key that a map does not have.</summary>
internal sealed record GoNothing : GoValue
{
    internal static readonly GoNothing Value = new();
}

/// <summary>Go's <c>nil</c>: a field that is not set.</summary>
internal sealed record GoNil : GoValue
{
    internal static readonly GoNil Value = new();
}

/// <summary>True or false.</summary>
internal sealed record GoBool(bool Value) : GoValue;

/// <summary>A whole number; wide enough for Go's int64 and uint64.</summary>
internal sealed record GoInt(Int128 Value) : GoValue;

/// <summary>A number with a fraction.</summary>
internal sealed record GoFloat(double Value) : GoValue;

/// <summary>A text.</summary>
/// <param name="Value">The text.</param>
/// <param name="Foreign">Whether it comes from what is described, and not from the template: a terminal must not interpret it.</param>
internal sealed record GoText(string Value, bool Foreign = false) : GoValue;

/// <summary>A list.</summary>
internal sealed record GoList(IReadOnlyList<GoValue> Items) : GoValue;

/// <summary>A map: its keys are the data's, and one that is missing has no value. Walked in the order of its keys.</summary>
/// <param name="Entries">Its entries.</param>
/// <param name="Missing">What <c>index</c> gives for a key that is not there: an empty text in a map of texts.</param>
internal sealed record GoMap(SortedDictionary<string, GoValue> Entries, GoValue Missing) : GoValue;

/// <summary>A group of fields with fixed names: one that is not there is a mistake of the template.</summary>
/// <param name="Name">What it is called in messages.</param>
/// <param name="Fields">Its fields in order, as JSON has them.</param>
/// <param name="Shown">What has another form in a template than in JSON, or is only there; it comes first.</param>
internal sealed record GoStruct(string Name, IReadOnlyList<KeyValuePair<string, GoValue>> Fields, IReadOnlyList<KeyValuePair<string, GoValue>> Shown) : GoValue
{
    /// <summary>The names of all fields.</summary>
    internal IEnumerable<string> Names => Shown.Concat(Fields).Select(one => one.Key).Distinct(StringComparer.Ordinal);

    /// <summary>The field of a name: exactly, else in any case, as docker's and podman's users write ID and Id alike. Null for none.</summary>
    internal GoValue? Find(string name)
    {
        foreach (StringComparison comparison in new[] { StringComparison.Ordinal, StringComparison.OrdinalIgnoreCase })
        {
            foreach ((string key, GoValue value) in Shown.Concat(Fields))
            {
                if (string.Equals(key, name, comparison))
                    return value;
            }
        }
        return null;
    }
}

/// <summary>A field that takes arguments: <c>.Label "x"</c>.</summary>
internal sealed record GoMethod(Func<IReadOnlyList<GoValue>, GoValue> Call) : GoValue;
