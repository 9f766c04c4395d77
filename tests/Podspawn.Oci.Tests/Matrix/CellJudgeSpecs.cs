using System.Text;
using Podspawn.Oci.Matrix;
using Podspawn.Oci.Matrix.Running;
using Podspawn.Oci.Verification.Reports;

namespace Podspawn.Oci.Tests.Matrix;

public sealed class CellJudgeSpecs
{
    private static readonly MatrixCell Cell = new(new CellKey("runc", "default", "box", "p"), CellResult.Holds, null);

    private static CellReport Judge(CommandProbe? command, int? status, string output = "", string errors = "") =>
        CellJudge.Of(Cell, new MatrixProbe("p", command), new CellOutcome(status, output, errors, TimeSpan.FromSeconds(0.25)), TimeSpan.FromSeconds(9));

    private static CommandProbe Command(int status = 0, string? output = null, string? pattern = null) => new(["true"], status, output, pattern, null);

    private static string Json(params Finding[] findings) => Encoding.UTF8.GetString(VerificationJson.Serialize(new VerificationReport
    {
        Container = "c",
        Runtime = "runc",
        RuntimeVersion = "1",
        RuntimePath = "/runc",
        Looked = Vantage.Probe,
        Findings = findings,
    }));

    private static Finding Found(FindingResult result) => new("p", ["security.x"], "wish", result, ["seen"], result == FindingResult.FallsShort ? ["less"] : [], []);

    [Theory]
    [InlineData(FindingResult.Holds, 0, CellResult.Holds)]
    [InlineData(FindingResult.HoldsDifferently, 0, CellResult.HoldsDifferently)]
    [InlineData(FindingResult.FallsShort, 1, CellResult.FallsShort)]
    public void A_finding_becomes_the_cells_result(FindingResult found, int status, CellResult result)
    {
        CellReport report = Judge(null, status, Json(Found(found)));
        Assert.Equal(result, report.Result);
        Assert.Equal(["seen"], report.Evidence);
        Assert.Equal("wish", report.Expectation);
        Assert.Null(report.Output);
    }

    [Fact]
    public void Each_attack_is_a_line_of_the_evidence()
    {
        Finding finding = Found(FindingResult.Holds) with
        {
            Attacks = [new("own_mount", null, AttackResult.Refused, "a mount: EPERM"), new("setuid", "/a", AttackResult.Refused, "x: y"),
                new("setuid", "/b", AttackResult.Refused, "x: y")],
        };
        Assert.Equal(["seen", "attack own_mount: refused: a mount: EPERM", "attack setuid: refused: x: y (/a /b)"], Judge(null, 0, Json(finding)).Evidence);
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(0, "not json")]
    [InlineData(1, "{}")]
    [InlineData(125, "")]
    [InlineData(139, "")]
    public void A_probe_that_told_no_finding_is_an_error(int status, string output)
    {
        CellReport report = Judge(null, status, output, "podspawn-oci: warning: x\npodspawn-oci: no such thing\n");
        Assert.Equal(CellResult.Error, report.Result);
        Assert.Equal(["podspawn-oci: no such thing"], report.Shortfalls);
    }

    [Fact]
    public void Two_findings_where_one_was_asked_for_are_an_error() =>
        Assert.Equal(CellResult.Error, Judge(null, 0, Json(Found(FindingResult.Holds), Found(FindingResult.Holds))).Result);

    [Theory]
    [InlineData(0, "hello\n", CellResult.Holds)]
    [InlineData(0, "hello", CellResult.Holds)]
    [InlineData(0, "hello there", CellResult.FallsShort)]
    [InlineData(1, "hello\n", CellResult.FallsShort)]
    [InlineData(127, "", CellResult.FallsShort)]
    [InlineData(125, "", CellResult.Error)]
    public void A_command_is_held_against_its_status_and_its_output(int status, string output, CellResult result) =>
        Assert.Equal(result, Judge(Command(0, "hello"), status, output).Result);

    [Theory]
    [InlineData("a\nversion 12\n", CellResult.Holds)]
    [InlineData("version x\n", CellResult.FallsShort)]
    public void A_pattern_may_match_any_line(string output, CellResult result) =>
        Assert.Equal(result, Judge(Command(0, null, @"^version \d+$"), 0, output).Result);

    [Fact]
    public void A_status_of_125_that_was_asked_for_is_no_error() => Assert.Equal(CellResult.Holds, Judge(Command(125), 125).Result);

    [Fact]
    public void A_cell_that_was_ended_says_at_which_limit()
    {
        CellReport report = Judge(Command(), null, "half");
        Assert.Equal(CellResult.TimeLimit, report.Result);
        Assert.Contains("9 s", Assert.Single(report.Shortfalls), StringComparison.Ordinal);
        Assert.Equal("half", report.Output);
    }

    [Fact]
    public void An_unexpected_pass_is_not_as_expected() =>
        Assert.False(CellJudge.Of(Cell with { Expected = CellResult.FallsShort, Reason = "known" }, new MatrixProbe("p", Command()), new CellOutcome(0, "", "", default), default)
            .AsExpected);
}
