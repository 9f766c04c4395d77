using System.Text;
using System.Xml;

namespace Podspawn.Oci.Matrix.Reports;

/// <summary>Escapes the output of a container for XML 1.0, which cannot represent some characters (§2.2 of https://www.w3.org/TR/xml/).</summary>
internal static class XmlText
{
    private const char Replacement = '\uFFFD';

    /// <summary>The text with U+FFFD in place of each character that XML 1.0 forbids.</summary>
    internal static string Clean(string text)
    {
        int start = 0;
        while (start < text.Length && LengthAt(text, start) is > 0 and int length)
            start += length;
        if (start == text.Length)
            return text;

        StringBuilder builder = new StringBuilder(text.Length).Append(text, 0, start);
        while (start < text.Length)
        {
            int length = LengthAt(text, start);
            if (length == 0)
                builder.Append(Replacement);
            else
                builder.Append(text, start, length);
            start += Math.Max(1, length);
        }

        return builder.ToString();
    }

    // The number of chars of the XML character there; 0 where there is none.
    private static int LengthAt(string text, int i)
    {
        if (XmlConvert.IsXmlChar(text[i]))
            return 1;
        return i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i]) ? 2 : 0;
    }
}
