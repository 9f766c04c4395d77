using System.Text.RegularExpressions;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Lifecycle;

/// <summary>
/// The regular expression of <c>--filter name=</c>, as in docker and podman: it may fit anywhere in the name, before which docker puts a slash. It is matched in
/// a time that grows with the name only, whatever it says.
/// </summary>
internal sealed class NamePattern
{
    private const int Longest = 1000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Regex expression;

    private NamePattern(Regex expression) => this.expression = expression;

    /// <summary>Reads one.</summary>
    /// <exception cref="ContainerException">The text is no regular expression, or one that takes too much.</exception>
    internal static NamePattern Parse(string text)
    {
        if (text.Length > Longest)
            throw Bad(text, $"has more than {Longest} characters");
        try
        {
            return new NamePattern(new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Patience));
        }
        catch (RegexParseException e)
        {
            throw Bad(text, $"has an error at character {e.Offset}: {e.Error}");
        }
        catch (NotSupportedException)
        {
            // The engine without backtracking has no look-around and no references back, as Go's has none; and refuses one that grows too large.
            throw Bad(text, "has look-around or references back, or is too large");
        }
    }

    /// <summary>Whether a name fits.</summary>
    /// <exception cref="ContainerException">It takes too long to tell.</exception>
    internal bool Fits(string name)
    {
        try
        {
            return expression.IsMatch(name) || expression.IsMatch($"/{name}");
        }
        catch (RegexMatchTimeoutException)
        {
            throw Bad(expression.ToString(), $"takes longer than {Patience.TotalSeconds:0} s for one name");
        }
    }

    private static ContainerException Bad(string text, string why) =>
        new($"{Setting.Filter}: name={Printable.Clean(text)} {why}; write a regular expression, such as ^web-[0-9]+$, or a part of the name");
}
