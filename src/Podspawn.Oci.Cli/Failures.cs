using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Cli;

/// <summary>Turns errors into lines on stderr and an exit status.</summary>
internal static class Failures
{
    /// <summary>Runs a verb's action.</summary>
    internal static int Guard(Func<int> action)
    {
        try
        {
            return action();
        }
        catch (PodspawnException e)
        {
            Report(e);
            return e.ExitStatus;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Report($"{e.Message}; check the host's filesystems and that podspawn-oci runs as root");
        }
#pragma warning disable CA1031 // the last resort: an exit status of ours and a message, not an abort
        catch (Exception e)
#pragma warning restore CA1031
        {
            Report($"unexpected {e.GetType().Name}: {e.Message}; please report it with the command line");
        }
        return ExitCodes.LaunchFailed;
    }

    /// <summary>A line for each problem where they are separate, else the message.</summary>
    internal static void Report(PodspawnException e)
    {
        if (e.Problems.Count == 0)
            Report(e.Message);
        foreach (Problem problem in e.Problems)
            Report(Text.Printable.Line(problem.ToString()));
    }

    /// <summary>Tells of something that has worked in another way than was asked for.</summary>
    internal static void Warn(string message) => Report($"warning: {message}");

    internal static void Report(string message) => Streams.Error.WriteLine($"podspawn-oci: {Printable(message)}");

    /// <summary>Shows the notes that the user must see: not what the runtime's nature is, which is the same for every launch, unless all are wanted.</summary>
    internal static void Show(IReadOnlyList<Note> notes, bool all)
    {
        foreach (Note note in notes)
        {
            if (all || (note.Severity != NoteSeverity.Info && !note.IsNature))
                Streams.Error.WriteLine($"podspawn-oci: {(note.Severity == NoteSeverity.Warning ? "warning" : "note")}: {Line(note.Key, note.Text)}");
        }
    }

    /// <summary>A note in its displayed form.</summary>
    internal static string Line(string key, string text) => Text.Printable.Line(key.Length == 0 ? text : $"{key}: {text}");

    // A message may contain text from an image, a bundle or a root filesystem; the terminal must not interpret it.
    private static string Printable(string text) => string.Concat(text.Select(c => (char.IsControl(c) && c is not ('\n' or '\t')) || ReordersLine(c) ? '?' : c));

    // The marks, embeddings, overrides and isolates of the bidirectional algorithm (Unicode UAX 9), and the other line ends.
    private static bool ReordersLine(char c) => c is '\u061c' or '\u200e' or '\u200f' or (>= '\u2028' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
