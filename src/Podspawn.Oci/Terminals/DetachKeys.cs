using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Terminals;

/// <summary>The keys that detach from a container's terminal without ending its processes.</summary>
public sealed class DetachKeys
{
    private const int Longest = 16;
    private const string Control = "ctrl-";
    private const string ControlKeys = "@abcdefghijklmnopqrstuvwxyz[\\]^_";

    private readonly byte[] sequence;

    private DetachKeys(byte[] sequence) => this.sequence = sequence;

    /// <summary>ctrl-p and ctrl-q, as in docker and podman.</summary>
    public static DetachKeys Default { get; } = new([0x10, 0x11]);

    /// <summary>The bytes that the terminal sends for them.</summary>
    internal ReadOnlySpan<byte> Sequence => sequence;

    /// <summary>Parses docker's form: letters and <c>ctrl-x</c>, separated by commas.</summary>
    /// <returns>Null for an empty text: then no keys detach.</returns>
    /// <exception cref="TerminalException">A word is not a key.</exception>
    public static DetachKeys? Parse(string text)
    {
        if (text.Length == 0)
            return null;
        string[] words = text.Split(',');
        return words.Length <= Longest
            ? new DetachKeys([.. words.Select(Key)])
            : throw new TerminalException($"{Setting.DetachKeys}: {words.Length} keys are too many; give at most {Longest}");
    }

    private static byte Key(string word)
    {
        if (word is [>= ' ' and <= '~' and var letter])
            return (byte)letter;
        int control = word.Length == Control.Length + 1 && word.StartsWith(Control, StringComparison.OrdinalIgnoreCase)
            ? ControlKeys.IndexOf(char.ToLowerInvariant(word[^1]))
            : -1;
        return control >= 0
            ? (byte)control
            : throw new TerminalException($"{Setting.DetachKeys}: '{word}' is no key; write letters and ctrl-LETTER with commas between them, as in ctrl-p,ctrl-q, or nothing " +
                $"for no keys");
    }
}
