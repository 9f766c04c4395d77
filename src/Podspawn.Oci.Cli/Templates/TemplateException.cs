using Podspawn.Oci.Text;

namespace Podspawn.Oci.Cli.Templates;

/// <summary>A template cannot be read, or cannot be filled in with what it is given.</summary>
internal sealed class TemplateException : UsageException
{
    private const int Longest = 60;

    private TemplateException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong at a place of a template.</summary>
    /// <param name="template">The whole template.</param>
    /// <param name="position">The place, counted in characters from 0.</param>
    /// <param name="problem">What is wrong there, and how to mend it.</param>
    internal static TemplateException At(string template, int position, string problem) =>
        new($"--format, column {position + 1} of '{Printable.Line(Around(template, position))}': {problem}");

    // Of a long template the part that is wrong.
    private static string Around(string template, int position)
    {
        if (template.Length <= Longest)
            return template;
        int from = Math.Clamp(position - (Longest / 2), 0, template.Length - Longest);
        return $"{(from > 0 ? "..." : "")}{template.Substring(from, Longest)}{(from + Longest < template.Length ? "..." : "")}";
    }
}
