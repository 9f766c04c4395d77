using System.Globalization;
using System.Numerics;
using System.Text;

namespace Podspawn.Oci.Cli.Templates;

/// <summary>Go's <c>printf</c>, as far as it means something for texts, numbers, truth values, lists and maps.</summary>
internal sealed class GoPrintf
{
    private const int Widest = 10_000;

    private readonly string format;
    private readonly IReadOnlyList<GoValue> values;
    private readonly StringBuilder text = new();
    private int at;
    private int used;
    private string flags = "";

    private GoPrintf(string format, IReadOnlyList<GoValue> values) => (this.format, this.values) = (format, values);

    /// <summary>The text. What does not fit shows in it as in Go: <c>%!d(string=hi)</c>, <c>%!s(MISSING)</c>, <c>%!(EXTRA int=1)</c>.</summary>
    internal static string Of(string format, IReadOnlyList<GoValue> values)
    {
        var printf = new GoPrintf(format, values);
        printf.Run();
        return printf.text.ToString();
    }

    private void Run()
    {
        while (at < format.Length)
        {
            if (format[at] != '%')
            {
                text.Append(format[at++]);
                continue;
            }
            at++;
            Verb();
        }
        if (used < values.Count)
            text.Append("%!(EXTRA ").AppendJoin(", ", values.Skip(used).Select(Typed)).Append(')');
    }

    private void Verb()
    {
        if (text.Length > TemplateFunctions.Longest)
            throw new TemplateFunctionException($"the text has more than {TemplateFunctions.Longest} characters; print it in parts");
        int start = at;
        while (at < format.Length && format[at] is '-' or '+' or '#' or '0' or ' ')
            at++;
        flags = format[start..at];
        int? width = Size(), precision = null;
        if (width < 0)
            (flags, width) = (flags + "-", -width);
        if (at < format.Length && format[at] == '.')
        {
            at++;
            precision = Size() ?? 0;
        }
        if (at >= format.Length)
        {
            text.Append("%!(NOVERB)");
            return;
        }
        Rune verb = Rune.GetRuneAt(format, char.IsSurrogate(format[at]) && (at + 1 >= format.Length || !char.IsSurrogatePair(format, at)) ? Replaced() : at);
        at += verb.Utf16SequenceLength;
        if (verb.Value == '%')
            text.Append('%');
        else if (used >= values.Count)
            text.Append("%!").Append(verb.ToString()).Append("(MISSING)");
        else
            Pad(One(verb.ToString(), values[used++], precision), width ?? 0);
    }

    // Half of a character cannot come from a command line, which is UTF-8.
    private static int Replaced() => throw new TemplateFunctionException("the format has half a character; write it whole");

    private int? Size()
    {
        if (at < format.Length && format[at] == '*')
        {
            at++;
            return used < values.Count && values[used++] is GoInt { Value: var size } && size >= -Widest && size <= Widest ? (int)size
                : throw new TemplateFunctionException($"'*' takes a whole number up to {Widest} from the arguments; give one");
        }
        int start = at;
        while (at < format.Length && char.IsAsciiDigit(format[at]))
            at++;
        if (at == start)
            return null;
        return int.TryParse(format.AsSpan(start, at - start), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= Widest
            ? number
            : throw new TemplateFunctionException($"a width is {Widest} at most; take a smaller one");
    }

    private bool Has(char flag) => flags.Contains(flag);

    private string One(string verb, GoValue value, int? precision)
    {
        // Every other verb is one for each item.
        if (verb is not ("v" or "T"))
        {
            if (value is GoList list)
                return $"[{string.Join(' ', list.Items.Select(item => One(verb, item, precision)))}]";
            if (value is GoMap map)
                return $"map[{string.Join(' ', map.Entries.Select(entry => $"{One(verb, new GoText(entry.Key, Foreign: true), precision)}:{One(verb, entry.Value, precision)}"))}]";
        }
        return (verb, value) switch
        {
            ("T", _) => TypeName(value),
            ("v", GoText t) when Has('#') => GoFormat.Quote(t.Value),
            ("v", GoFloat f) => Signed(precision is { } most ? General(f.Value, most) : GoFormat.Float(f.Value)),
            ("v", GoInt i) => Signed(i.Value.ToString(CultureInfo.InvariantCulture)),
            ("v", _) => GoFormat.Show(value, Has('+')),
            ("s", GoText t) => Cut(GoFormat.Plain(t), precision),
            ("q", GoText t) => Has('#') && !t.Value.Contains('`') && !t.Value.Any(char.IsControl) ? $"`{GoFormat.Plain(t)}`" : GoFormat.Quote(Cut(t.Value, precision)),
            ("x", GoText t) => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(t.Value)),
            ("X", GoText t) => Convert.ToHexString(Encoding.UTF8.GetBytes(t.Value)),
            ("t", GoBool b) => b.Value ? "true" : "false",
            ("d", GoInt i) => Signed(i.Value.ToString(CultureInfo.InvariantCulture)),
            ("x", GoInt i) => Based(i.Value, 16, "0x"),
            ("X", GoInt i) => Based(i.Value, 16, "0X").ToUpperInvariant(),
            ("o", GoInt i) => Based(i.Value, 8, "0"),
            ("b", GoInt i) => Based(i.Value, 2, "0b"),
            ("c", GoInt i) when Rune.IsValid((int)Int128.Clamp(i.Value, -1, int.MaxValue)) => GoFormat.Plain(new GoText(new Rune((int)i.Value).ToString(), Foreign: true)),
            ("U", GoInt i) => $"U+{i.Value:X4}",
            ("q", GoInt i) when Rune.IsValid((int)Int128.Clamp(i.Value, -1, int.MaxValue)) => $"'{GoFormat.Quote(new Rune((int)i.Value).ToString())[1..^1]}'",
            ("f" or "F", GoFloat f) when double.IsFinite(f.Value) => Signed(f.Value.ToString($"F{precision ?? 6}", CultureInfo.InvariantCulture)),
            ("e" or "E", GoFloat f) when double.IsFinite(f.Value) => Signed(Scientific(f.Value, precision ?? 6, verb)),
            ("g" or "G", GoFloat f) => Signed(precision is { } most ? General(f.Value, most) : GoFormat.Float(f.Value)),
            _ => $"%!{verb}({Typed(value)})",
        };
    }

    private string Signed(string number) => number.StartsWith('-') ? number : Has('+') ? $"+{number}" : Has(' ') ? $" {number}" : number;

    private string Based(Int128 number, int digitBits, string prefix)
    {
        var digits = new StringBuilder();
        BigInteger rest = BigInteger.Abs(number);
        do
        {
            digits.Insert(0, "0123456789abcdef"[(int)(rest % digitBits)]);
            rest /= digitBits;
        }
        while (rest > 0);
        return Signed($"{(number < 0 ? "-" : "")}{(Has('#') ? prefix : "")}{digits}");
    }

    // Go writes two digits of the exponent at least, .NET three.
    private static string Scientific(double number, int precision, string verb)
    {
        string text = number.ToString($"{verb}{precision}", CultureInfo.InvariantCulture);
        return text[^3] == '0' ? $"{text[..^3]}{text[^2..]}" : text;
    }

    private static string General(double number, int precision)
    {
        int digits = Math.Max(precision, 1);
        string rounded = number.ToString($"E{digits - 1}", CultureInfo.InvariantCulture);
        return double.IsFinite(number) ? GoFormat.Float(double.Parse(rounded, CultureInfo.InvariantCulture), digits) : GoFormat.Float(number);
    }

    private static string Cut(string text, int? precision) => precision is { } most ? string.Concat(text.EnumerateRunes().Take(most)) : text;

    private void Pad(string shown, int width)
    {
        int missing = width - shown.EnumerateRunes().Count();
        if (missing <= 0)
            text.Append(shown);
        else if (Has('-'))
            text.Append(shown).Append(' ', missing);
        else if (Has('0') && shown.Length > 0 && shown[0] is '-' or '+')
            text.Append(shown[0]).Append('0', missing).Append(shown, 1, shown.Length - 1);
        else
            text.Append(Has('0') ? '0' : ' ', missing).Append(shown);
    }

    private static string Typed(GoValue value) => value is GoNil or GoNothing ? "<nil>" : $"{TypeName(value)}={GoFormat.Show(value)}";

    /// <summary>Go's name of a value's type.</summary>
    private static string TypeName(GoValue value) => value switch
    {
        GoText => "string",
        GoBool => "bool",
        GoInt => "int",
        GoFloat => "float64",
        GoList list => list.Items.Count > 0 && list.Items.All(item => item is GoText) ? "[]string" : "[]interface {}",
        GoMap map => map.Missing is GoText ? "map[string]string" : "map[string]interface {}",
        GoStruct group => group.Name,
        _ => "<nil>",
    };
}
