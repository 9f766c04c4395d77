namespace Podspawn.Oci.Verification.Reports;

/// <summary>The attacks on a finding as lines of text, grouped by outcome.</summary>
public static class AttackLines
{
    /// <summary>The number of attacks with each result: <c>attacks: 7 refused, 1 differs</c>; null where there are none.</summary>
    public static string? Summary(Finding finding) => finding.Attacks.Count == 0 ? null
        : $"attacks: {string.Join(", ", finding.Attacks.GroupBy(attack => attack.Result).OrderBy(group => group.Key).Select(group => $"{group.Count()} {Word(group.Key)}"))}";

    /// <summary>Each attack with its outcome: <c>attack user_namespace: refused: processes in a new user namespace: EPERM</c>.</summary>
    /// <param name="finding">The finding.</param>
    /// <param name="results">Selects the results to include.</param>
    public static IEnumerable<string> Of(Finding finding, Func<AttackResult, bool> results) =>
        finding.Attacks.Where(attack => results(attack.Result)).GroupBy(attack => (attack.Name, attack.Result, attack.Detail)).Select(group =>
        {
            string[] on = [.. group.Select(attack => attack.On).OfType<string>()];
            return $"attack {group.Key.Name}: {Word(group.Key.Result)}: {group.Key.Detail}{(on.Length == 0 ? "" : $" ({string.Join(' ', on)})")}";
        });

    /// <summary>The word for a result in the JSON.</summary>
    public static string Word(AttackResult result) => result switch
    {
        AttackResult.Refused => "refused",
        AttackResult.Untried => "untried",
        AttackResult.Granted => "granted",
        AttackResult.Told => "told",
        AttackResult.Differs => "differs",
        _ => "works",
    };
}
