using Podspawn.Oci.Verification.Reports;

namespace Podspawn.Oci.RuntimeTests;

/// <summary>Runs <c>verify</c> and reads its report.</summary>
internal static class VerifyRun
{
    internal static string Config(string name) => Path.Combine(AppContext.BaseDirectory, "Verification", "Data", $"{name}.yaml");

    internal static async Task<(int Status, VerificationReport Report)> Of(params string[] arguments)
    {
        Outcome outcome = await PodspawnOci.Call(["verify", "--format", "json", .. arguments]);
        Assert.True(outcome.Status is 0 or 1, $"exit status {outcome.Status}\n{outcome.Error}\n{outcome.Text}");
        VerificationReport report = VerificationJson.Deserialize(outcome.Output);
        Assert.Equal(report.Result == FindingResult.FallsShort ? 1 : 0, outcome.Status);
        return (outcome.Status, report);
    }

    /// <summary>The shortfalls, one a line: the finding's name, a colon, what is less.</summary>
    internal static string[] Shortfalls(this VerificationReport report) =>
        [.. report.Findings.SelectMany(finding => finding.Shortfalls.Select(line => $"{finding.Name}: {line}"))];
}
