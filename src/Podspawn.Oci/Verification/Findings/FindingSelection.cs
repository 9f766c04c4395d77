using Podspawn.Oci.Errors;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Verification.Findings;

/// <summary>Which findings are checked, and which of their attacks are tried: what <c>--only</c> selects.</summary>
internal sealed class FindingSelection
{
    private readonly Dictionary<string, HashSet<string>?> attacks = [];

    private FindingSelection()
    {
    }

    /// <summary>The findings.</summary>
    public IReadOnlySet<string> Findings => attacks.Keys.ToHashSet();

    /// <summary>Whether an attack is to be tried.</summary>
    public bool Tries(string finding, string attack) => attacks.TryGetValue(finding, out HashSet<string>? names) && names?.Contains(attack) != false;

    /// <summary>Parses a selection.</summary>
    /// <param name="words"><c>FINDING</c>, with all its attacks, or <c>FINDING/ATTACK</c>; empty for everything.</param>
    /// <exception cref="ContainerException">A word is not a finding, or not an attack on it.</exception>
    public static FindingSelection Parse(IReadOnlyList<string> words)
    {
        var selection = new FindingSelection();
        foreach (string word in words.Count == 0 ? FindingNames.All : words)
        {
            string[] parts = word.Split('/', 2);
            Require(parts[0], FindingNames.All, $"there is no finding '{parts[0]}'");
            if (parts is [var finding, var attack])
            {
                Require(attack, AttackTable.NamesOf(finding), $"there is no attack '{attack}' on {finding}");
                if (!selection.attacks.TryGetValue(finding, out HashSet<string>? names))
                    selection.attacks[finding] = names = [];
                names?.Add(attack);
            }
            else
            {
                selection.attacks[parts[0]] = null;
            }
        }
        return selection;
    }

    private static void Require(string name, IReadOnlyList<string> known, string complaint)
    {
        if (known.Contains(name))
            return;
        string hint = Suggestion.DidYouMean(name, known)
            ?? (known.Count == 0 ? "it has none; leave the slash away" : $"there are {string.Join(", ", known)}");
        throw new ContainerException($"{Setting.Only}: {complaint}; {hint}");
    }
}
