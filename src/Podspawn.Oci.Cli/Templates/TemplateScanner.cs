using System.Globalization;
using System.Text;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Cli.Templates;

/// <summary>Divides a template into text and actions, and actions into tokens, as text/template does: <see href="https://pkg.go.dev/text/template"/>.</summary>
internal sealed class TemplateScanner
{
    private static readonly char[] Blanks = [' ', '\t', '\r', '\n'];

    private readonly string template;
    private readonly List<Part> parts = [];
    private int at;
    private bool comment;

    private TemplateScanner(string template) => this.template = template;

    /// <summary>The parts of a template.</summary>
    /// <exception cref="TemplateException">An action is not closed, or has a character that means nothing.</exception>
    internal static IReadOnlyList<Part> Scan(string template)
    {
        var scanner = new TemplateScanner(template);
        scanner.Run();
        return scanner.parts;
    }

    private char Now => Peek(0);

    private char Peek(int ahead) => at + ahead < template.Length ? template[at + ahead] : '\0';

    private bool Has(string text) => string.CompareOrdinal(template, at, text, 0, text.Length) == 0;

    private TemplateException Wrong(int position, string problem) => TemplateException.At(template, position, problem);

    private void Run()
    {
        for (bool trims = false; ;)
        {
            int open = template.IndexOf("{{", at, StringComparison.Ordinal);
            string text = Unescaped(open < 0 ? template[at..] : template[at..open]);
            if (trims)
                text = text.TrimStart(Blanks);
            if (open >= 0)
                at = open + 2;
            if (open >= 0 && Now == '-' && Blanks.Contains(Peek(1)))
            {
                text = text.TrimEnd(Blanks);
                at++;
            }
            if (text.Length > 0)
                parts.Add(new TextPart(text));
            if (open < 0)
                return;
            trims = Action(open);
        }
    }

    // A shell's single quotes leave \t and \n as they are typed: docker and podman read them in text as tab and line end.
    private static string Unescaped(string text) => text.Replace("\\t", "\t", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal);

    // True where the blanks behind it are dropped.
    private bool Action(int open)
    {
        var tokens = new List<Token>();
        while (true)
        {
            int before = at;
            while (Blanks.Contains(Now) && at < template.Length)
                at++;
            bool trims = at > before && Has("-}}");
            if (trims || Has("}}"))
            {
                tokens.Add(new Token(TokenKind.End, "", at, at > before));
                at += trims ? 3 : 2;
                if (!(tokens.Count == 1 && comment))
                    parts.Add(new ActionPart(tokens));
                comment = false;
                return trims;
            }
            if (at >= template.Length)
                throw Wrong(open, "this '{{' is not closed; write '}}' behind the action");
            if (Has("/*"))
                Comment(tokens.Count == 0);
            else
                tokens.Add(Next(at > before));
        }
    }

    private void Comment(bool alone)
    {
        int end = template.IndexOf("*/", at + 2, StringComparison.Ordinal);
        if (end < 0)
            throw Wrong(at, "this comment is not closed; write '*/' behind it");
        if (!alone)
            throw Wrong(at, "a comment stands alone in its braces: {{/* like this */}}");
        at = end + 2;
        comment = true;
    }

    private Token Next(bool spaced)
    {
        int start = at;
        Token Of(TokenKind kind, string text) => new(kind, text, start, spaced);
        Token Sign(TokenKind kind, int length)
        {
            at += length;
            return Of(kind, "");
        }
        switch (Now)
        {
            case '|':
                return Sign(TokenKind.Pipe, 1);
            case '(':
                return Sign(TokenKind.Open, 1);
            case ')':
                return Sign(TokenKind.Close, 1);
            case ',':
                return Sign(TokenKind.Comma, 1);
            case ':' when Peek(1) == '=':
                return Sign(TokenKind.Declare, 2);
            case '=':
                return Sign(TokenKind.Assign, 1);
            case '"':
                return Of(TokenKind.Text, Quoted('"'));
            case '`':
                return Of(TokenKind.Text, Raw());
            case '\'':
                return Of(TokenKind.Number, Character());
            case '$':
                at++;
                return Of(TokenKind.Variable, Name());
            case '.' when IsNameStart(Peek(1)):
                at++;
                return Of(TokenKind.Field, Name());
            case '.' when !char.IsAsciiDigit(Peek(1)):
                return Sign(TokenKind.Dot, 1);
            case char c when char.IsAsciiDigit(c) || c is '.' or '+' or '-':
                return Of(TokenKind.Number, Number());
            case char c when IsNameStart(c):
                return Of(TokenKind.Word, Name());
            default:
                throw Wrong(at, $"'{Printable.Line(Now.ToString())}' means nothing here; text in an action stands in double quotes");
        }
    }

    private static bool IsNameStart(char c) => char.IsLetter(c) || c == '_';

    private string Name()
    {
        int start = at;
        while (char.IsLetterOrDigit(Now) || Now == '_')
            at++;
        return template[start..at];
    }

    private string Number()
    {
        int start = at;
        at++;
        while (char.IsAsciiLetterOrDigit(Now) || Now is '.' or '_' || (Now is '+' or '-' && Peek(-1) is 'e' or 'E' or 'p' or 'P'))
            at++;
        return template[start..at];
    }

    private string Raw()
    {
        int end = template.IndexOf('`', at + 1);
        if (end < 0)
            throw Wrong(at, "this text is not closed; write '`' behind it");
        string text = template[(at + 1)..end];
        at = end + 1;
        return text;
    }

    private string Character()
    {
        int start = at;
        string text = Quoted('\'');
        return text.EnumerateRunes().Count() == 1
            ? text.EnumerateRunes().First().Value.ToString(CultureInfo.InvariantCulture)
            : throw Wrong(start, "single quotes hold one character; write a text in double quotes");
    }

    private string Quoted(char quote)
    {
        int start = at++;
        var text = new StringBuilder();
        while (Now != quote)
        {
            if (at >= template.Length || Now == '\n')
                throw Wrong(start, $"this text is not closed; write {quote} behind it");
            text.Append(Now == '\\' ? Escape() : template[at++].ToString());
        }
        at++;
        return text.ToString();
    }

    private string Escape()
    {
        int start = at;
        at += 2;
        switch (Peek(-1))
        {
            case 'n':
                return "\n";
            case 't':
                return "\t";
            case 'r':
                return "\r";
            case 'a':
                return "\a";
            case 'b':
                return "\b";
            case 'f':
                return "\f";
            case 'v':
                return "\v";
            case '\\' or '"' or '\'':
                return Peek(-1).ToString();
            case 'x':
                return Coded(start, 2);
            case 'u':
                return Coded(start, 4);
            case 'U':
                return Coded(start, 8);
            default:
                throw Wrong(start, "this is no escape that Go has; a backslash itself is written \\\\");
        }
    }

    private string Coded(int start, int digits)
    {
        if (at + digits > template.Length
            || !int.TryParse(template.AsSpan(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code) || !Rune.IsValid(code))
            throw Wrong(start, $"this is no character; write {digits} hexadecimal digits of one");
        at += digits;
        return new Rune(code).ToString();
    }
}
