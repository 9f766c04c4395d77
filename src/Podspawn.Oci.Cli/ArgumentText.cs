using System.Text.Unicode;

namespace Podspawn.Oci.Cli;

/// <summary>Finds arguments that .NET cannot represent: it reads them as UTF-8, and replaces every invalid byte by U+FFFD.</summary>
internal static class ArgumentText
{
    private const char Replacement = '\ufffd';

    /// <summary>Whether an argument of this process differs from what was typed.</summary>
    internal static bool IsChanged(IEnumerable<string> arguments)
    {
        // The character may also have been typed: only the bytes tell.
        if (!arguments.Any(argument => argument.Contains(Replacement)))
            return false;
        try
        {
            ReadOnlySpan<byte> typed = File.ReadAllBytes("/proc/self/cmdline");
            // The program's own name comes first, and is never passed on.
            return !Utf8.IsValid(typed[(typed.IndexOf((byte)0) + 1)..]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Without /proc the launch is refused in any case, and for that reason.
            return false;
        }
    }
}
