using System.Globalization;
using System.Text;

namespace Podspawn.Oci.Cli.Templates;

/// <summary>The functions of templates: those of Go's text/template, and those that docker and podman add. <c>and</c> and <c>or</c> are the evaluator's.</summary>
internal static class TemplateFunctions
{
    // Output is a user's screen or file, not a store: what a template makes of a value stays far below it.
    internal const int Longest = 1 << 22;

    private const int MostParts = 1 << 20;

    private static readonly Dictionary<string, Func<IReadOnlyList<GoValue>, GoValue>> All = new(StringComparer.Ordinal)
    {
        ["not"] = args => new GoBool(!IsTrue(One("not", args, "not .Name"))),
        ["eq"] = GoComparison.IsOneOf,
        ["ne"] = args => new GoBool(!GoComparison.Same(Two("ne", args).First, args[1])),
        ["lt"] = args => new GoBool(GoComparison.Order("lt", Two("lt", args).First, args[1]) < 0),
        ["le"] = args => new GoBool(GoComparison.Order("le", Two("le", args).First, args[1]) <= 0),
        ["gt"] = args => new GoBool(GoComparison.Order("gt", Two("gt", args).First, args[1]) > 0),
        ["ge"] = args => new GoBool(GoComparison.Order("ge", Two("ge", args).First, args[1]) >= 0),
        ["len"] = args => new GoInt(Length(One("len", args, "len .List"))),
        ["index"] = Index,
        ["slice"] = Slice,
        ["print"] = args => Made(Print(args, line: false)),
        ["println"] = args => Made(Print(args, line: true)),
        ["printf"] = Printf,
        ["json"] = args => Made(GoJson.Write(One("json", args, "json .Name"))),
        ["join"] = Join,
        ["split"] = Split,
        ["lower"] = args => Changed("lower", args, text => text.ToLowerInvariant()),
        ["upper"] = args => Changed("upper", args, text => text.ToUpperInvariant()),
        ["title"] = args => Changed("title", args, Title),
        ["truncate"] = Truncate,
        ["pad"] = Pad,
    };

    /// <summary>The names of the functions.</summary>
    internal static IReadOnlyList<string> Names { get; } = ["and", "or", .. All.Keys];

    /// <summary>Calls one that is neither <c>and</c> nor <c>or</c>.</summary>
    /// <exception cref="TemplateFunctionException">It cannot work with these.</exception>
    internal static GoValue Call(string name, IReadOnlyList<GoValue> args) => All[name](args);

    /// <summary>Whether <c>if</c> takes a value for true: it is not false, 0, nil or empty.</summary>
    internal static bool IsTrue(GoValue value) => value switch
    {
        GoBool truth => truth.Value,
        GoInt number => number.Value != 0,
        GoFloat number => number.Value != 0,
        GoText text => text.Value.Length > 0,
        GoList list => list.Items.Count > 0,
        GoMap map => map.Entries.Count > 0,
        GoStruct or GoMethod => true,
        _ => false,
    };

    private static TemplateFunctionException Wrong(string problem) => new(problem);

    private static GoValue One(string name, IReadOnlyList<GoValue> args, string example) =>
        args.Count == 1 ? args[0] : throw Wrong($"{name} takes one value, not {args.Count}; write {example}");

    private static (GoValue First, GoValue Second) Two(string name, IReadOnlyList<GoValue> args) =>
        args.Count == 2 ? (args[0], args[1]) : throw Wrong($"{name} takes two values, not {args.Count}; write {name} .Name \"value\"");

    private static GoText Made(string text) => text.Length <= Longest ? new GoText(text)
        : throw Wrong($"the text has more than {Longest} characters; print it in parts");

    private static string String(string name, GoValue value) => value is GoText text ? text.Value
        : throw Wrong($"{name} works on text, and this is {GoKind.Of(value)}; use printf \"%v\"");

    private static int Whole(string name, GoValue value) => value is GoInt number && number.Value >= 0 && number.Value <= int.MaxValue ? (int)number.Value
        : throw Wrong($"{name} needs a whole number from 0, and this is {GoKind.Of(value)} {GoFormat.Show(value)}");

    private static int Length(GoValue value) => value switch
    {
        // Go counts bytes.
        GoText text => Encoding.UTF8.GetByteCount(text.Value),
        GoList list => list.Items.Count,
        GoMap map => map.Entries.Count,
        _ => throw Wrong($"len counts what is in a text, list or map, and this is {GoKind.Of(value)}"),
    };

    private static GoValue Index(IReadOnlyList<GoValue> args)
    {
        if (args.Count == 0)
            throw Wrong("index takes a list or map, and what to take of it; write index .List 0, or index .Labels \"name\"");
        return args.Skip(1).Aggregate(args[0], (value, key) => (value, key) switch
        {
            (GoMap map, GoText name) => map.Entries.GetValueOrDefault(name.Value, map.Missing),
            (GoList list, GoInt { Value: var at }) => at >= 0 && at < list.Items.Count ? list.Items[(int)at]
                : throw Wrong($"index {at} is outside of a list of {list.Items.Count}; count from 0"),
            (GoText text, GoInt { Value: var at }) when Encoding.UTF8.GetBytes(text.Value) is var bytes => at >= 0 && at < bytes.Length ? new GoInt(bytes[(int)at])
                : throw Wrong($"index {at} is outside of a text of {bytes.Length} bytes; count from 0"),
            (GoStruct group, GoText name) => group.Find(name.Value) ?? throw Wrong($"{group.Name} has no field {name.Value}"),
            (GoMap, _) => throw Wrong("a map is indexed by a text; write index .Labels \"name\""),
            (GoList or GoText, _) => throw Wrong("a list is indexed by a number; write index .List 0"),
            _ => throw Wrong($"index takes of a list or map, and this is {GoKind.Of(value)}"),
        });
    }

    private static GoValue Slice(IReadOnlyList<GoValue> args)
    {
        if (args.Count is < 1 or > 3)
            throw Wrong("slice takes a text or list, where to begin, and where to end; write slice .ID 0 12");
        int length = args[0] is GoMap ? throw Wrong("slice takes of a text or list, and this is a map") : Length(args[0]);
        int from = args.Count > 1 ? Whole("slice", args[1]) : 0, to = args.Count > 2 ? Whole("slice", args[2]) : length;
        if (from > to || to > length)
            throw Wrong($"slice from {from} to {to} is outside of {length}");
        return args[0] switch
        {
            GoText text => text with { Value = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Value).AsSpan(from, to - from)) },
            _ => new GoList([.. ((GoList)args[0]).Items.Skip(from).Take(to - from)]),
        };
    }

    private static string Print(IReadOnlyList<GoValue> args, bool line)
    {
        var text = new StringBuilder();
        for (int i = 0; i < args.Count; i++)
        {
            // Go's print has a blank only between two that are no text.
            if (i > 0 && (line || (args[i] is not GoText && args[i - 1] is not GoText)))
                text.Append(' ');
            text.Append(GoFormat.Show(args[i]));
            if (text.Length > Longest)
                break;
        }
        return line ? text.Append('\n').ToString() : text.ToString();
    }

    private static GoText Printf(IReadOnlyList<GoValue> args) => args is [GoText format, ..]
        ? Made(GoPrintf.Of(GoFormat.Plain(format), [.. args.Skip(1)]))
        : throw Wrong("printf begins with its format; write printf \"%s\" .Name");

    private static GoText Join(IReadOnlyList<GoValue> args)
    {
        if (args is not [GoList list, GoText between])
            throw Wrong("join takes a list, and what stands between; write join .List \",\"");
        return Made(string.Join(GoFormat.Plain(between), list.Items.Select(item => GoFormat.Show(item))));
    }

    private static GoList Split(IReadOnlyList<GoValue> args)
    {
        if (args is not [GoText text, GoText at])
            throw Wrong("split takes a text, and where to divide it; write split .Name \"-\"");
        string[] parts = at.Value.Length > 0 ? text.Value.Split(at.Value, MostParts + 1) : [.. text.Value.EnumerateRunes().Take(MostParts + 1).Select(rune => rune.ToString())];
        if (parts.Length > MostParts)
            throw Wrong($"the text has more than {MostParts} parts; take a shorter one");
        return new GoList([.. parts.Select(part => new GoText(part, text.Foreign))]);
    }

    private static GoText Changed(string name, IReadOnlyList<GoValue> args, Func<string, string> change) =>
        new(change(String(name, One(name, args, $"{name} .Name"))), ((GoText)args[0]).Foreign);

    // Go's strings.Title: the first letter of each word.
    private static string Title(string text)
    {
        var title = new StringBuilder(text);
        for (int i = 0; i < title.Length; i++)
        {
            if (i == 0 || !(char.IsLetterOrDigit(text[i - 1]) || text[i - 1] == '_'))
                title[i] = char.ToUpper(text[i], CultureInfo.InvariantCulture);
        }
        return title.ToString();
    }

    private static GoText Truncate(IReadOnlyList<GoValue> args)
    {
        (GoValue text, GoValue length) = args.Count == 2 ? (args[0], args[1]) : throw Wrong("truncate takes a text and a length; write truncate .Image 20");
        string whole = String("truncate", text);
        return ((GoText)text) with { Value = string.Concat(whole.EnumerateRunes().Take(Whole("truncate", length))) };
    }

    private static GoText Pad(IReadOnlyList<GoValue> args)
    {
        if (args is not [GoText text, var before, var behind])
            throw Wrong("pad takes a text, and the blanks before and behind it; write pad .Name 1 1");
        int left = Whole("pad", before), right = Whole("pad", behind);
        if (text.Value.Length + (long)left + right > Longest)
            throw Wrong($"the text has more than {Longest} characters with its blanks; take fewer");
        return text.Value.Length == 0 ? text : text with { Value = $"{new string(' ', left)}{text.Value}{new string(' ', right)}" };
    }
}
