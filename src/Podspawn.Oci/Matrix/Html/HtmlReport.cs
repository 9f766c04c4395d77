using System.Text;

namespace Podspawn.Oci.Matrix.Html;

/// <summary>
/// A <see cref="MatrixReport"/> as one HTML page that needs no other file and no network. The output of containers is in it as data only: the page's
/// content security policy permits no script and no style but ours, which carry an unpredictable number.
/// </summary>
public static class HtmlReport
{
    private const string Resources = "Podspawn.Oci.Matrix.Html.";

    /// <summary>Writes the page, in UTF-8.</summary>
    public static void Write(MatrixReport report, Stream output)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(output);

        byte[] style = Resource("page.css");
        byte[] script = Resource("page.js");
        ReadOnlySpan<byte> template = Resource("page.html").AsSpan();
        // Not a hash of either: that would need OpenSSL's library, which a host may lack. A GUID comes from the kernel (getrandom(2)).
        byte[] nonce = Encoding.ASCII.GetBytes(Guid.NewGuid().ToString("N"));

        // Piece by piece, so that a placeholder's name in text that was already inserted is not replaced.
        while (template.IndexOf("{{"u8) is var start and >= 0)
        {
            int length = template[start..].IndexOf("}}"u8);
            ReadOnlySpan<byte> name = template.Slice(start + 2, length - 2);
            output.Write(template[..start]);
            output.Write(
                name.SequenceEqual("style"u8) ? style
                : name.SequenceEqual("script"u8) ? script
                : name.SequenceEqual("nonce"u8) ? nonce
                : name.SequenceEqual("report"u8) ? Inert(MatrixJson.Serialize(report))
                : throw new InvalidOperationException($"page.html has an unknown place holder '{Encoding.UTF8.GetString(name)}'"));
            template = template[(start + length + 2)..];
        }

        output.Write(template);
    }

    /// <summary>
    /// JSON without any <c>&lt;</c>, so that nothing in it ends the script element or opens a comment
    /// (https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements). In JSON that character can only be part
    /// of a string, where its escape means the same.
    /// </summary>
    internal static byte[] Inert(ReadOnlySpan<byte> json)
    {
        var inert = new MemoryStream(json.Length + 64);
        while (json.IndexOf((byte)'<') is var at and >= 0)
        {
            inert.Write(json[..at]);
            inert.Write("\\u003c"u8);
            json = json[(at + 1)..];
        }

        inert.Write(json);
        return inert.ToArray();
    }

    private static byte[] Resource(string name)
    {
        using Stream stream = typeof(HtmlReport).Assembly.GetManifestResourceStream(Resources + name)
            ?? throw new InvalidOperationException($"the resource '{name}' is not in this program; its project file has to embed it");
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
