using Podspawn.Oci.Verification.Attacks;
using Podspawn.Oci.Verification.Checks;
using Podspawn.Oci.Verification.Expectations;
using Podspawn.Oci.Verification.Observation;

namespace Podspawn.Oci.Verification.Findings;

/// <summary>Everything that makes up a finding.</summary>
/// <param name="Name">Its name in reports, in a matrix and on the command line.</param>
/// <param name="Keys">The config keys that it covers; empty for what every container has.</param>
/// <param name="Check">Compares what was asked for with the evidence.</param>
internal sealed record FindingRow(string Name, IReadOnlyList<string> Keys, Action<Expectation, Evidence, FindingDraft> Check)
{
    /// <summary>What it covers of a launch beside its config (<see cref="Translation.Requests.LaunchKeys"/>).</summary>
    public IReadOnlyList<string> LaunchKeys { get; init; } = [];

    /// <summary>What was asked for, in the words of a report: the value of the first key by default.</summary>
    public Func<Expectation, string> Asked { get; init; } = expectation => expectation.ValueOf(Keys[0]);

    /// <summary>The topics that the probe reports on for it. Two findings may need the same topic.</summary>
    public Func<Expectation, IEnumerable<ProbeTopic>> Topics { get; init; } = _ => [];

    /// <summary>The known ways around it.</summary>
    public IReadOnlyList<Attack> Attacks { get; init; } = [];

    /// <summary>When the probe tries those.</summary>
    public ProbePhase AttackPhase { get; init; } = ProbePhase.Change;
}
