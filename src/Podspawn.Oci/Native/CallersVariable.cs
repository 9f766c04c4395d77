using System.Text;
using System.Text.Unicode;

namespace Podspawn.Oci.Native;

/// <summary>Finds variables of the caller that .NET cannot represent: it reads them as UTF-8, and replaces every invalid byte by U+FFFD.</summary>
internal static class CallersVariable
{
    private const char Replacement = '\ufffd';

    // execve(2) takes no more than 6 MiB of arguments and environment.
    private const int LargestEnvironment = 6 << 20;

    /// <summary>Whether a variable's value differs from what the caller has.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="value">Its value, as .NET reads it.</param>
    internal static bool IsChanged(string name, string value)
    {
        // The character may also be the caller's own: only the bytes tell.
        if (!value.Contains(Replacement))
            return false;
        if (SmallFile.ReadBytes("/proc/self/environ", LargestEnvironment) is not { } environment)
            return true;
        ReadOnlySpan<byte> prefix = Encoding.UTF8.GetBytes($"{name}=");
        foreach (Range range in environment.Span.Split((byte)0))
        {
            ReadOnlySpan<byte> variable = environment.Span[range];
            if (variable.StartsWith(prefix))
                return !Utf8.IsValid(variable);
        }
        // Set since by this process itself, from a string.
        return false;
    }
}
