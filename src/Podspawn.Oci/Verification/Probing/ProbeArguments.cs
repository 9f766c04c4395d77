using Podspawn.Oci.Verification.Attacks;
using Podspawn.Oci.Verification.Expectations;
using Podspawn.Oci.Verification.Findings;

namespace Podspawn.Oci.Verification.Probing;

/// <summary>The arguments that tell the probe what to try. Attempts that may end the container come last.</summary>
internal static class ProbeArguments
{
    public static IReadOnlyList<string> For(Expectation expectation, IReadOnlySet<string> findings, IReadOnlyList<AskedAttack> attacks)
    {
        IReadOnlyList<FindingRow> rows = [.. FindingTable.Rows.Where(row => findings.Contains(row.Name))];
        ProbeTopic[] topics = [.. rows.SelectMany(row => row.Topics(expectation)).Distinct()];
        var words = new List<string>();
        foreach (ProbePhase phase in Enum.GetValues<ProbePhase>())
        {
            IEnumerable<string> looks = topics.Where(topic => topic.Phase == phase).SelectMany(topic => topic.Words);
            IEnumerable<string> tries = rows.Where(row => row.AttackPhase == phase).SelectMany(row => Words(row.Name, attacks));
            // An attack that counts needs the plain count before it; any other precedes topics that may leave less for it.
            words.AddRange(phase == ProbePhase.Count ? looks.Concat(tries) : tries.Concat(looks));
        }

        return words;
    }

    private static IEnumerable<string> Words(string finding, IReadOnlyList<AskedAttack> attacks) => attacks
        .Where(asked => asked.Attack.Finding == finding && asked is { Argument.Untried: null, Attack.Name: not Attack.Executed })
        .SelectMany(asked => new[] { "attack", finding, asked.Attack.Name, asked.Argument.Text });
}
