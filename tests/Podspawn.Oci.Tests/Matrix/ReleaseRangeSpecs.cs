using Podspawn.Oci.Host;
using Podspawn.Oci.Matrix;
using static Podspawn.Oci.Tests.Matrix.MatrixFileData;

namespace Podspawn.Oci.Tests.Matrix;

/// <summary>Expectations of a matrix file for some releases of a runtime only.</summary>
public sealed class ReleaseRangeSpecs
{
    [Theory]
    [InlineData("runc < 1.1.8", "1.1.5+ds1", true)]
    [InlineData("runc < 1.1.8", "1.1.8", false)]
    [InlineData("runc < 1.1.8", "1.2.0-rc.1", false)]
    [InlineData("runc <= 1.1.8", "1.1.8", true)]
    [InlineData("runc > 1.1.8", "1.1.8", false)]
    [InlineData("runc > 1.1.8", "1.1.15", true)]
    [InlineData("runc >= 1.1.8", "1.1.8", true)]
    [InlineData("runc = 1.2.8", "1.2.8", true)]
    [InlineData("runc = 1.2.8", "1.2.9", false)]
    [InlineData("runc != 1.2.8", "1.2.8", false)]
    [InlineData("runc != 1.2.8", "1.2.7", true)]
    [InlineData("runc >= 1.2.0, runc < 1.3.0, runc != 1.2.8", "1.2.7", true)]
    [InlineData("runc >= 1.2.0, < 1.3.0, != 1.2.8", "1.2.8", false)]
    [InlineData("runc >= 1.2.0, < 1.3.0", "1.3.0", false)]
    public void Every_comparison_has_to_hold(string range, string release, bool expected) => Assert.Equal(
        expected ? (CellResult.FallsShort, "old") : (CellResult.Holds, null), ExpectedOf($"{{runtime: runc, when: '{range}', result: falls short, reason: old}}", release));

    [Theory]
    [InlineData("'runsc < 20250820'", "0.0~20221219.0", true)]
    [InlineData("'runsc < 20250820'", "release-20250820.0", false)]
    [InlineData("['runsc >= 20240318', 'runsc < 20250820']", "release-20241021.0", true)]
    [InlineData("['runsc >= 20240318', 'runsc < 20250820']", "0.0~20221219.0", false)]
    public void A_list_has_to_hold_as_a_whole(string range, string release, bool expected) => Assert.Equal(
        expected ? CellResult.Error : CellResult.Holds, ExpectedOf($"{{runtime: runsc, when: {range}, result: error, reason: r}}", release, "runsc").Expected);

    [Theory]
    [InlineData("<", false)]
    [InlineData("<=", false)]
    [InlineData("=", false)]
    [InlineData(">", true)]
    [InlineData(">=", true)]
    [InlineData("!=", true)]
    public void A_version_that_cannot_be_read_is_newer_than_all(string sign, bool expected) => Assert.Equal(
        expected ? CellResult.Error : CellResult.Holds, ExpectedOf($"{{runtime: runc, when: runc {sign} 1.2, result: error, reason: r}}", "VERSION_MISSING").Expected);

    [Fact]
    public void Entries_for_ranges_that_do_not_meet_stand_beside_each_other()
    {
        const string entries = """
            &mode {runtime: runc, when: runc < 1.1.8, result: error, reason: old}, {<<: *mode, when: runc = 1.2.8, reason: again},
              {<<: *mode, when: "runc > 1.2.8, < 1.3", result: falls short, reason: later}
            """;
        Assert.Equal((CellResult.Error, "old"), ExpectedOf(entries, "1.1.7"));
        Assert.Equal((CellResult.Holds, null), ExpectedOf(entries, "1.1.8"));
        Assert.Equal((CellResult.Error, "again"), ExpectedOf(entries, "1.2.8"));
        Assert.Equal((CellResult.FallsShort, "later"), ExpectedOf(entries, "1.2.9"));
    }

    [Fact]
    public void A_range_binds_the_cells_of_its_own_runtime()
    {
        const string entry = "{probe: devices, when: ['runc < 1.1.8', 'runsc < 20250820'], result: error, reason: r}";
        Assert.Equal(CellResult.Error, ExpectedOf(entry, "1.1.5").Expected);
        Assert.Equal(CellResult.Holds, ExpectedOf(entry, "1.2.0").Expected);
        Assert.Equal(CellResult.Error, ExpectedOf(entry, "20250819", "runsc").Expected);
        Assert.Equal(CellResult.Holds, ExpectedOf(entry, "20250820", "runsc").Expected);
    }

    [Fact]
    public void What_is_expected_of_every_release_stays_for_each()
    {
        MatrixCell cell = Parse($"{Small}expect: [{{runtime: runc, result: error, reason: r}}]").Cells[0];
        Assert.Empty(cell.ByRelease);
        Assert.Equal(cell, cell.On(RuntimeRelease.Parse("")) with { ByRelease = cell.ByRelease });
    }

    private static (CellResult Expected, string? Reason) ExpectedOf(string entries, string release, string runtime = "runc")
    {
        MatrixCell cell = Parse($"{Small}expect: [{entries}]").Cells.First(item => item.Key.Runtime == runtime).On(RuntimeRelease.Parse(release));
        return (cell.Expected, cell.Reason);
    }
}
