using System.Globalization;
using System.Text;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Cli.Templates;

/// <summary>Writes values as Go's fmt does with <c>%v</c>. Text that comes from what is described has its invisible characters escaped: no terminal interprets them.</summary>
internal static class GoFormat
{
    private const int LeastExponent = -4;
    // Go decides as if six digits were asked for, where it takes as few as possible.
    private const int MostExponent = 6;

    /// <summary>What a template prints for a value.</summary>
    internal static string Printed(GoValue value) => value is GoNothing ? "<no value>" : Show(value);

    /// <summary>A value as <c>%v</c>.</summary>
    /// <param name="value">The value.</param>
    /// <param name="named">Whether groups show the names of their fields: <c>%+v</c>.</param>
    internal static string Show(GoValue value, bool named = false)
    {
        switch (value)
        {
            case GoText text:
                return Plain(text);
            case GoBool truth:
                return truth.Value ? "true" : "false";
            case GoInt number:
                return number.Value.ToString(CultureInfo.InvariantCulture);
            case GoFloat number:
                return Float(number.Value);
            case GoList list:
                return $"[{string.Join(' ', list.Items.Select(item => Show(item, named)))}]";
            case GoMap map:
                return $"map[{string.Join(' ', map.Entries.Select(entry => $"{Printable.Line(entry.Key)}:{Show(entry.Value, named)}"))}]";
            case GoStruct group:
                return $"{{{string.Join(' ', group.Fields.Select(field => named ? $"{field.Key}:{Show(field.Value, named)}" : Show(field.Value)))}}}";
            default:
                return "<nil>";
        }
    }

    /// <summary>A text as it may be printed.</summary>
    internal static string Plain(GoText text) => text.Foreign ? Printable.Line(text.Value) : text.Value;

    /// <summary>A number with a fraction as Go's <c>%v</c> writes it: the shortest digits that give it again, with an exponent where it is very large or small.</summary>
    internal static string Float(double number, int mostExponent = MostExponent)
    {
        if (!double.IsFinite(number))
            return double.IsNaN(number) ? "NaN" : number > 0 ? "+Inf" : "-Inf";
        if (number == 0)
            return double.IsNegative(number) ? "-0" : "0";
        string scientific = Exponent(number);
        int at = scientific.IndexOf('e');
        int exponent = int.Parse(scientific.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (exponent < LeastExponent || exponent >= mostExponent)
            return scientific;
        string digits = scientific[..at].TrimStart('-').Replace(".", "", StringComparison.Ordinal);
        var text = new StringBuilder(number < 0 ? "-" : "");
        if (exponent < 0)
            text.Append("0.").Append('0', -exponent - 1).Append(digits);
        else if (digits.Length <= exponent + 1)
            text.Append(digits).Append('0', exponent + 1 - digits.Length);
        else
            text.Append(digits, 0, exponent + 1).Append('.').Append(digits, exponent + 1, digits.Length - exponent - 1);
        return text.ToString();
    }

    /// <summary>A number as Go's <c>%e</c> writes it, with the shortest digits.</summary>
    internal static string Exponent(double number)
    {
        string text = number.ToString("E16", CultureInfo.InvariantCulture);
        string shortest = number.ToString("R", CultureInfo.InvariantCulture);
        string digits = string.Concat(shortest.TakeWhile(c => c is not ('E' or 'e')).Where(char.IsAsciiDigit)).TrimStart('0').TrimEnd('0');
        int exponent = int.Parse(text.AsSpan(text.IndexOf('E') + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string sign = number < 0 ? "-" : "";
        string fraction = digits.Length > 1 ? $".{digits[1..]}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
    }

    /// <summary>A text in Go's double quotes.</summary>
    internal static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char c in text)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\t' => "\\t",
                '\r' => "\\r",
                '\a' => "\\a",
                '\b' => "\\b",
                '\f' => "\\f",
                '\v' => "\\v",
                < ' ' or '\u007f' => string.Create(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                _ => Printable.Line(c.ToString()) is { Length: 1 } || char.IsSurrogate(c) ? c.ToString() : string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
            });
        }
        return quoted.Append('"').ToString();
    }
}
