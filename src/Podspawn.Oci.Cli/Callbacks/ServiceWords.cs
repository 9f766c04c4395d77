namespace Podspawn.Oci.Cli.Callbacks;

/// <summary>Turns the command line that created a container into that of a foreground <c>run</c> under a service manager: what the manager does itself is removed.</summary>
internal static class ServiceWords
{
    private const string Name = "--name";

    // A service has no keyboard; the manager restarts it, tracks its process without a pid file, and leaves nothing to be removed.
    private static readonly HashSet<string> TakenOut =
    [
        "--detach", "-d", "--restart", "--rm", "--pid-file", "--pidfile", "--conmon-pidfile", "--interactive", "-i", Name, "--quiet", "-q", "--verbose", "--cidfile", "--replace",
        "--sig-proxy", "--detach-keys",
    ];

    private static readonly HashSet<string> Variables = ["--env", "-e"];

    /// <summary>The arguments after the program's name.</summary>
    /// <param name="words">The command line that created the container: a verb, flags, and then an image or a command with its own flags.</param>
    /// <param name="name">The container's name.</param>
    /// <param name="environment">The variables of its process, for flags that pass on a variable of the caller, who is absent at the service's start.</param>
    /// <param name="takesValue">Whether a flag takes a value, which is the rest of its word or the next word.</param>
    internal static IReadOnlyList<string> Of(IReadOnlyList<string> words, string name, IReadOnlyList<string> environment, Func<string, bool> takesValue)
    {
        List<string> kept = ["run", Name, name];
        int i = 1;
        while (i < words.Count && words[i].Length > 1 && words[i][0] == '-' && words[i] != "--")
        {
            string? next = i + 1 < words.Count ? words[i + 1] : null;
            i += words[i].StartsWith("--", StringComparison.Ordinal)
                ? Long(words[i], next, environment, takesValue, kept)
                : Short(words[i], next, environment, takesValue, kept);
        }
        kept.AddRange(words.Skip(i));
        return kept;
    }

    // Returns how many words the flag takes.
    private static int Long(string word, string? next, IReadOnlyList<string> environment, Func<string, bool> takesValue, List<string> kept)
    {
        int equals = word.IndexOf('=');
        string flag = equals < 0 ? word : word[..equals];
        if (equals >= 0 || next is null || !takesValue(flag))
        {
            Retain(flag, equals < 0 ? null : word[(equals + 1)..], [word], environment, kept);
            return 1;
        }
        Retain(flag, next, [word, next], environment, kept);
        return 2;
    }

    // One-letter flags in one word: the first that takes a value takes the rest of the word, or the next word when it is the last letter.
    private static int Short(string word, string? next, IReadOnlyList<string> environment, Func<string, bool> takesValue, List<string> kept)
    {
        for (int i = 1; i < word.Length; i++)
        {
            string flag = $"-{word[i]}", rest = word[(i + 1)..];
            if (rest.StartsWith('='))
            {
                Retain(flag, rest[1..], [flag + rest], environment, kept);
                return 1;
            }
            if (!takesValue(flag))
            {
                Retain(flag, null, [flag], environment, kept);
                continue;
            }
            if (rest.Length > 0 || next is null)
            {
                Retain(flag, rest, [flag + rest], environment, kept);
                return 1;
            }
            Retain(flag, next, [flag, next], environment, kept);
            return 2;
        }
        return 1;
    }

    private static void Retain(string flag, string? value, IReadOnlyList<string> asWritten, IReadOnlyList<string> environment, List<string> kept)
    {
        if (TakenOut.Contains(flag))
            return;
        if (!Variables.Contains(flag) || value is null || value.Contains('='))
            kept.AddRange(asWritten);
        else if (environment.FirstOrDefault(variable => variable.StartsWith($"{value}=", StringComparison.Ordinal)) is { } variable)
            kept.Add($"--env={variable}");
    }
}
