using System.Text;
using Podspawn.Oci.Verification.Reports;

namespace Podspawn.Oci.Tests.Verification;

public sealed class VerificationJsonSpecs
{
    [Fact]
    public void A_report_of_version_1_is_read_and_has_no_attacks()
    {
        const string Old = """
            {"version": 1, "container": "c", "runtime": "runc", "runtimeVersion": "1", "runtimePath": "/runc", "looked": "probe", "result": "holds",
             "findings": [{"name": "seccomp", "keys": [], "wish": "w", "result": "holds", "evidence": ["e"], "shortfalls": [], "notes": []}]}
            """;
        VerificationReport report = VerificationJson.Deserialize(Encoding.UTF8.GetBytes(Old));
        Assert.Equal(1, report.Version);
        Assert.Empty(Assert.Single(report.Findings).Attacks);
    }

    [Fact]
    public void An_attack_comes_back_as_it_was()
    {
        var attack = new AttackReport("user_ids", null, AttackResult.Differs, "270 tasks");
        var report = new VerificationReport
        {
            Container = "c",
            Runtime = "runsc",
            RuntimeVersion = "1",
            RuntimePath = "/runsc",
            Looked = Vantage.Probe,
            Findings = [new Finding("pids_limit", [], "256", FindingResult.HoldsDifferently, [], [], ["n"]) { Attacks = [attack] }],
        };
        byte[] json = VerificationJson.Serialize(report);
        Assert.Contains("\"result\": \"differs\"", Encoding.UTF8.GetString(json), StringComparison.Ordinal);
        Assert.Equal(attack, Assert.Single(VerificationJson.Deserialize(json).Findings[0].Attacks));
    }
}
