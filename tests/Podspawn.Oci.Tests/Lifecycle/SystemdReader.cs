using System.Text;

namespace Podspawn.Oci.Tests.Lifecycle;

/// <summary>
/// Parses a command line of a unit by the rules of systemd.syntax(7) and systemd.service(5), written from the manual and independently of the code
/// under test: words, then specifiers, then variables.
/// </summary>
internal static class SystemdReader
{
    internal static IReadOnlyList<string> Words(string line)
    {
        var words = new List<string>();
        int at = 0;
        while (true)
        {
            while (at < line.Length && line[at] is ' ' or '\t')
                at++;
            if (at == line.Length)
                return words;
            if (line[at] == ';' && (at + 1 == line.Length || line[at + 1] is ' ' or '\t'))
                throw new FormatException("a separator of commands");
            words.Add(Encoding.UTF8.GetString([.. Word(line, ref at)]));
        }
    }

    /// <summary>The result for a word after the first: <c>%%</c> is %, <c>$$</c> is $, and any other of them would be replaced.</summary>
    internal static string Expanded(string word) => Doubled(Doubled(word, '%'), '$');

    internal static string Doubled(string word, char mark)
    {
        var text = new StringBuilder();
        for (int i = 0; i < word.Length; i++)
        {
            if (word[i] == mark && (i + 1 == word.Length || word[++i] != mark))
                throw new FormatException($"a replacement: {word}");
            text.Append(word[i]);
        }
        return text.ToString();
    }

    private static List<byte> Word(string line, ref int at)
    {
        var word = new List<byte>();
        char quote = '\0';
        for (; at < line.Length; at++)
        {
            char c = line[at];
            if (c == '\\')
                word.AddRange(Escape(line, ref at));
            else if (quote != '\0' && c == quote)
                quote = '\0';
            else if (quote == '\0' && c is '"' or '\'')
                quote = c;
            else if (quote == '\0' && c is ' ' or '\t')
                return word;
            else if (char.IsHighSurrogate(c))
                word.AddRange(Encoding.UTF8.GetBytes([c, line[++at]]));
            else
                word.AddRange(Encoding.UTF8.GetBytes([c]));
        }
        return quote == '\0' ? word : throw new FormatException("an open quote");
    }

    private static byte[] Escape(string line, ref int at)
    {
        char letter = line[++at];
        switch (letter)
        {
            case 'x':
                at += 2;
                return [Convert.ToByte(line.Substring(at - 1, 2), 16)];
            case 'U':
                at += 8;
                return Encoding.UTF8.GetBytes(char.ConvertFromUtf32(Convert.ToInt32(line.Substring(at - 7, 8), 16)));
        }
        int known = "abfnrtv\\\"'s".IndexOf(letter, StringComparison.Ordinal);
        return known < 0 ? throw new FormatException($"an unknown escape \\{letter}") : [(byte)"\a\b\f\n\r\t\v\\\"' "[known]];
    }
}
