using Podspawn.Oci.Verification.Attacks;
using Podspawn.Oci.Verification.Checks;
using Podspawn.Oci.Verification.Expectations;
using Podspawn.Oci.Verification.Observation;

namespace Podspawn.Oci.Verification.Findings;

/// <summary>All that makes up a finding.</summary>
/// <param name="Name">Its name in reports, in a matrix and on the command line.</param>
/// <param name="Keys">The keys of the config that it answers for; none for what every container has.</param>
/// <param name="Check">Holds what was asked for against what was seen.</param>
internal sealed record FindingRow(string Name, IReadOnlyList<string> Keys, Action<Expectation, Evidence, FindingDraft> Check)
{
    /// <summary>What was asked for, in the words of a report: the value of the first key where nothing else is said.</summary>
    public Func<Expectation, string> Asked { get; init; } = expectation => expectation.ValueOf(Keys[0]);

    /// <summary>What the probe is to look at for it. Two findings may want the same topic.</summary>
    public Func<Expectation, IEnumerable<ProbeTopic>> Topics { get; init; } = _ => [];

    /// <summary>The known ways around it.</summary>
    public IReadOnlyList<Attack> Attacks { get; init; } = [];

    /// <summary>When the probe tries those.</summary>
    public ProbePhase AttackPhase { get; init; } = ProbePhase.Change;
}
