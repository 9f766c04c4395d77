using Podspawn.Oci.Errors;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Lifecycle;

/// <summary>The states that a wait is for: one of them is enough.</summary>
public sealed class WaitCondition
{
    private const string Removed = "removed";

    // The words of podman, and those of docker's interface, beside our own.
    private static readonly Dictionary<string, string> Synonyms = new() { ["stopped"] = "exited", ["not-running"] = "exited", ["configured"] = "created" };

    private static readonly string[] Words = [.. StatusWords.All, Removed];

    private readonly HashSet<string> states;

    private WaitCondition(HashSet<string> states) => this.states = states;

    /// <summary>Whether the end of the container's existence is one of them.</summary>
    internal bool IsRemoval => states.Contains(Removed);

    /// <summary>Reads the words.</summary>
    /// <param name="words">The words, in any case.</param>
    /// <param name="setting">The caller's name of the setting.</param>
    /// <exception cref="ContainerException">A word is no state.</exception>
    public static WaitCondition Parse(IEnumerable<string> words, string setting)
    {
        var states = new HashSet<string>();
        foreach (string word in words)
        {
            string state = Synonyms.GetValueOrDefault(word.ToLowerInvariant(), word.ToLowerInvariant());
            if (!Words.Contains(state))
            {
                string hint = Suggestion.DidYouMean(state, Words) ?? $"use one of {string.Join(", ", Words)}";
                throw new ContainerException($"{setting}: '{Printable.Clean(word)}' is no state to wait for; {hint}");
            }
            states.Add(state);
        }
        return new WaitCondition(states);
    }

    /// <summary>Whether a container is in one of them.</summary>
    public bool Holds(Container container) => states.Contains(StatusWords.Of(container));
}
