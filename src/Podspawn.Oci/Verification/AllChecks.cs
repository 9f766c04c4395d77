using Podspawn.Oci.Verification.Attacks;
using Podspawn.Oci.Verification.Checks;
using Podspawn.Oci.Verification.Expectations;
using Podspawn.Oci.Verification.Findings;
using Podspawn.Oci.Verification.Observation;
using Podspawn.Oci.Verification.Reports;

namespace Podspawn.Oci.Verification;

/// <summary>Runs every check and judges every attack: compares what was asked for with the evidence. Pure.</summary>
internal static class AllChecks
{
    public static IReadOnlyList<Finding> Run(Expectation expectation, Evidence evidence, IReadOnlySet<string> names, IReadOnlyList<AskedAttack> attacks) =>
        [.. FindingTable.Rows.Where(row => names.Contains(row.Name)).Select(row => Run(row, expectation, evidence, attacks))];

    private static Finding Run(FindingRow row, Expectation expectation, Evidence evidence, IReadOnlyList<AskedAttack> attacks)
    {
        var draft = new FindingDraft(row.Name, row.Keys, expectation, row.Asked(expectation)) { LaunchKeys = row.LaunchKeys };
        row.Check(expectation, evidence, draft);
        AttackJudge.Run(attacks.Where(asked => asked.Attack.Finding == row.Name), expectation, evidence, draft);
        return draft.Finish();
    }
}
