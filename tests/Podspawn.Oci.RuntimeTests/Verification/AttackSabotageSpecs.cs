using Podspawn.Oci.RuntimeTests.Networks;
using Podspawn.Oci.Verification.Findings;
using Podspawn.Oci.Verification.Reports;

namespace Podspawn.Oci.RuntimeTests.Verification;

/// <summary>The attacks must be able to detect a fault: each works when the config.json is broken behind the translator's back.</summary>
public sealed class AttackSabotageSpecs
{
    /// <summary>Every sabotage on every runtime that it applies to.</summary>
    public static TheoryData<string, string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, string>();
            foreach (AttackSabotage sabotage in AttackSabotage.All)
            {
                foreach (string runtime in sabotage.Runtimes)
                    cases.Add(runtime, sabotage.Finding, string.Join(' ', sabotage.Attacks));
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_sabotage_lets_attacks_through_and_its_absence_does_not(string runtime, string finding, string attacks)
    {
        AttackSabotage sabotage = AttackSabotage.All.First(item => item.Finding == finding && string.Join(' ', item.Attacks) == attacks && item.Runtimes.Contains(runtime));
        Finding sound = await Verify(runtime, "pass", sabotage);
        Assert.Empty(Through(sound).Intersect(sabotage.Attacks));

        Finding broken = await Verify(runtime, sabotage.Python, sabotage);
        IEnumerable<string> possible = sabotage.Attacks.Where(attack => attack != "int80" || I386Entry.Exists);
        Assert.True(!possible.Except(Through(broken)).Any(), string.Join('\n', [.. AttackLines.Of(broken, _ => true), .. broken.Shortfalls]));
        Assert.Equal(FindingResult.FallsShort, broken.Result);
    }

    [Fact]
    public void Every_attack_has_a_sabotage_or_a_reason_why_it_can_have_none()
    {
        string[] tried = [.. AttackSabotage.All.SelectMany(sabotage => sabotage.Attacks.Select(attack => $"{sabotage.Finding}/{attack}"))];
        // Those need a host of their own, with something to reach.
        tried = [.. tried, .. AttackTable.NamesOf("egress").Select(name => $"egress/{name}").Except(EgressVerifySpecs.Hopeless.Keys)];
        string[] all = [.. AttackTable.All.Select(attack => $"{attack.Finding}/{attack.Name}")];
        Assert.Equal(all.Order(), tried.Concat(AttackSabotage.Hopeless.Keys).Concat(EgressVerifySpecs.Hopeless.Keys).Distinct().Order());
        Assert.Empty(tried.Intersect(AttackSabotage.Hopeless.Keys));
    }

    private static IEnumerable<string> Through(Finding finding) => finding.Attacks.Where(attack => attack.Result == AttackResult.Works).Select(attack => attack.Name).Distinct();

    private static async Task<Finding> Verify(string runtime, string python, AttackSabotage sabotage)
    {
        using var saboteur = new Saboteur(runtime, python);
        // The finding's other attacks are not part of this.
        string only = string.Join(',', sabotage.Attacks.Select(attack => $"{sabotage.Finding}/{attack}"));
        (_, VerificationReport report) = await VerifyRun.Of(["--runtime", saboteur.Program, "--only", only, .. sabotage.Flags]);
        return Assert.Single(report.Findings);
    }
}
