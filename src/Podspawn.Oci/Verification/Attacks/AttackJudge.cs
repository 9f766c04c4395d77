using Podspawn.Oci.Verification.Checks;
using Podspawn.Oci.Verification.Expectations;
using Podspawn.Oci.Verification.Observation;
using Podspawn.Oci.Verification.Reports;

namespace Podspawn.Oci.Verification.Attacks;

/// <summary>Judges the results of the attacks on a finding. Pure.</summary>
internal static class AttackJudge
{
    // The probe uses the same words.
    private const string NoSuchAttack = "no such attack";
    private const string NoEnd = "no end in time";

    public static void Run(IEnumerable<AskedAttack> attacks, Expectation expectation, Evidence evidence, FindingDraft draft)
    {
        if (evidence.Inside is not { } inside)
            return;
        var silent = new List<string>();
        foreach (AskedAttack asked in attacks)
        {
            if (VerdictOf(asked, expectation, inside) is not { } verdict)
            {
                silent.Add(asked.Attack.Name);
                continue;
            }
            string? on = asked.Attack.On(asked.Argument.Text);
            var report = new AttackReport(asked.Attack.Name, on, verdict.Result, $"{asked.Attack.About}: {verdict.Detail}");
            draft.Attacked(report);
            string told = $"{report.Detail}{(on is null ? "" : $" ({on})")}";
            if (report.Result == AttackResult.Works)
                draft.Short(told);
            else if (report.Result == AttackResult.Differs)
                draft.Differs(told);
        }
        if (silent.Count > 0)
            draft.Unseen($"what came of the attacks {string.Join(", ", silent.Distinct())}", evidence.End ?? ExecutedProcess.Failure(inside));
    }

    private static Verdict? VerdictOf(AskedAttack asked, Expectation expectation, ProbeReport inside)
    {
        if (asked.Argument.Untried is { } reason)
            return Verdict.Untried(reason);
        string argument = asked.Argument.Text;
        if (asked.Attack.Name == Attack.Executed)
            return asked.Attack.Judge(new AttackTry(expectation, argument, "", "", "", inside));
        return inside.First("attack", asked.Attack.Finding, asked.Attack.Name, argument) switch
        {
            ["refused", .. var rest] => Verdict.Refused(Field(rest, 0)),
            // Nothing is known then, as where the probe reported nothing.
            ["untried", NoSuchAttack or NoEnd, ..] => null,
            ["untried", .. var rest] => Verdict.Untried(Field(rest, 0)),
            [("works" or "reached") and var outcome, .. var rest] => asked.Attack.Judge(new AttackTry(expectation, argument, outcome, Field(rest, 0), Field(rest, 1), inside)),
            _ => null,
        };
    }

    private static string Field(string[] fields, int index) => index < fields.Length ? fields[index] : "";
}
