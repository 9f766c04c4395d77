using System.Text;

namespace Podspawn.Oci.Images.Building;

/// <summary>
/// Removes the quotes from a word and replaces variables by their values, as docker's builder does
/// (https://docs.docker.com/reference/dockerfile/#environment-replacement).
/// </summary>
internal ref struct ChangeExpansion
{
    private const char Escape = '\\';
    private readonly ReadOnlySpan<char> text;
    private readonly IReadOnlyList<KeyValuePair<string, string>> variables;
    private int at;

    private ChangeExpansion(ReadOnlySpan<char> text, IReadOnlyList<KeyValuePair<string, string>> variables)
    {
        this.text = text;
        this.variables = variables;
    }

    /// <summary>Expands a word.</summary>
    /// <exception cref="FormatException">A quote or a brace is not closed, or a substitution is unknown.</exception>
    internal static string Of(string word, IReadOnlyList<KeyValuePair<string, string>> variables) => new ChangeExpansion(word, variables).Until('\0');

    private string Until(char end)
    {
        var result = new StringBuilder();
        while (at < text.Length)
        {
            char c = text[at];
            if (c == end)
                break;
            switch (c)
            {
                case '\'':
                    result.Append(Single());
                    break;
                case '"':
                    result.Append(Double());
                    break;
                case '$':
                    result.Append(Variable());
                    break;
                case Escape:
                    // A backslash at the end vanishes.
                    if (++at < text.Length)
                        result.Append(text[at++]);
                    break;
                default:
                    result.Append(c);
                    at++;
                    break;
            }
        }
        return result.ToString();
    }

    private string Single()
    {
        int length = text[(at + 1)..].IndexOf('\'');
        if (length < 0)
            throw new FormatException("a single quote is not closed; add one, or write \\' for the character itself");
        string quoted = text.Slice(at + 1, length).ToString();
        at += length + 2;
        return quoted;
    }

    private string Double()
    {
        var result = new StringBuilder();
        at++;
        while (at < text.Length && text[at] != '"')
        {
            if (text[at] == '$')
            {
                result.Append(Variable());
                continue;
            }
            // Before any other character a backslash is an ordinary character.
            if (text[at] == Escape && at + 1 < text.Length && text[at + 1] is '"' or '$' or Escape)
                at++;
            result.Append(text[at++]);
        }
        if (at >= text.Length)
            throw new FormatException("a double quote is not closed; add one, or write \\\" for the character itself");
        at++;
        return result.ToString();
    }

    private string Variable()
    {
        at++;
        if (at >= text.Length || text[at] != '{')
            return Name() is { Length: > 0 } plain ? Value(plain) ?? "" : "$";
        at++;
        string name = Name();
        if (name.Length == 0 || at >= text.Length)
            throw new FormatException("'${' needs a variable's name and '}'; write \\$ for the character itself");
        if (text[at] == '}')
        {
            at++;
            return Value(name) ?? "";
        }
        bool emptyCounts = text[at] == ':';
        if (emptyCounts)
            at++;
        char modifier = at < text.Length ? text[at++] : '\0';
        if (modifier is not ('-' or '+'))
            throw new FormatException($"'${{{name}' has a substitution that is not known; use ${{{name}:-default}} or ${{{name}:+alternative}}");
        string word = Until('}');
        if (at >= text.Length)
            throw new FormatException($"'${{{name}' is not closed; add '}}'");
        at++;
        string? value = Value(name);
        bool isSet = emptyCounts ? value is { Length: > 0 } : value is not null;
        return (modifier, isSet) switch
        {
            ('-', true) => value!,
            ('+', true) or ('-', false) => word,
            _ => "",
        };
    }

    private string Name()
    {
        int start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_'))
            at++;
        return text[start..at].ToString();
    }

    private readonly string? Value(string name)
    {
        foreach (KeyValuePair<string, string> variable in variables)
        {
            if (variable.Key == name)
                return variable.Value;
        }
        return null;
    }
}
