using Podspawn.Oci.Verification.Attacks;

namespace Podspawn.Oci.Verification.Findings;

/// <summary>Every attack that we know, in the order of the findings.</summary>
internal static class AttackTable
{
    /// <summary>All attacks.</summary>
    public static IReadOnlyList<Attack> All { get; } = [.. FindingTable.Rows.SelectMany(row => row.Attacks)];

    /// <summary>The names of a finding's attacks.</summary>
    public static IReadOnlyList<string> NamesOf(string finding) => [.. All.Where(attack => attack.Finding == finding).Select(attack => attack.Name)];

    /// <summary>The attacks to be tried.</summary>
    /// <param name="ground">What the attacks depend on.</param>
    /// <param name="selection">The selected findings and attacks.</param>
    public static IReadOnlyList<AskedAttack> Asked(AttackGround ground, FindingSelection selection) =>
    [
        .. All.Where(attack => selection.Tries(attack.Finding, attack.Name))
            .SelectMany(attack => attack.Arguments(ground).Select(argument => new AskedAttack(attack, argument))),
    ];
}
