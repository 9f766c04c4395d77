using OpenQA.Selenium;

namespace Podspawn.Oci.PageTests.Matrix;

[Collection(BrowserTests.Name)]
public sealed class GridSpecs(Browser browser)
{
    [Fact]
    public void Each_config_has_a_grid_of_probes_by_runtimes()
    {
        browser.Open();

        Assert.Equal(["default", "locked-down"], Texts("#grids h2"));
        Assert.Equal(["probe", "runc", "crun", "runsc"], Texts("section:first-child thead th"));
        Assert.Equal(SampleReport.Create().Probes, Texts("section:first-child .probe"));
        Assert.Equal(SampleReport.Create().Cells.Count, browser.FindAll("button.cell").Count);
    }

    [Fact]
    public void Each_bundle_has_a_grid_of_its_own_where_there_are_several()
    {
        browser.Open(SampleReport.Create(bundles: ["busybox", "debian"]));

        Assert.Equal(
            ["default on busybox", "default on debian", "locked-down on busybox", "locked-down on debian"], Texts("#grids h2"));
    }

    [Theory]
    [InlineData("default", "capabilities", "runc", "✓ holds")]
    [InlineData("default", "kernel", "runsc", "≈ holds differently expected")]
    [InlineData("default", "pids_limit", "runsc", "✗ falls short expected")]
    [InlineData("default", "tmpfs", "crun", "✗ falls short unexpected")]
    [InlineData("default", "seccomp", "runsc", "✓ holds unexpected")]
    [InlineData("locked-down", "network", "runsc", "! error expected")]
    [InlineData("locked-down", "hello", "crun", "! error unexpected")]
    [InlineData("locked-down", "hello", "runsc", "◷ time limit unexpected")]
    public void A_cell_says_its_result_and_whether_it_is_expected(string config, string probe, string runtime, string text)
    {
        browser.Open();

        Assert.Equal(text, browser.Cell(config, probe, runtime).Text.ReplaceLineEndings(" "));
    }

    [Fact]
    public void Only_an_unexpected_cell_stands_out_and_an_unexpected_pass_in_a_way_of_its_own()
    {
        browser.Open();

        var calm = Background("default", "capabilities", "runc");
        var known = Background("default", "pids_limit", "runsc");
        var worse = Background("default", "tmpfs", "crun");
        var better = Background("default", "seccomp", "runsc");
        Assert.Equal(4, new HashSet<string> { calm, known, worse, better }.Count);
        Assert.Equal(worse, Background("locked-down", "hello", "runsc"));
    }

    [Fact]
    public void A_combination_that_did_not_run_is_a_dash()
    {
        browser.Open();

        var missing = Assert.Single(browser.FindAll("td.missing"));
        Assert.Equal("–", missing.FindElement(By.CssSelector("[aria-hidden]")).Text);
        Assert.Equal("not run", missing.FindElement(By.CssSelector(".unseen")).GetDomProperty("textContent"));
    }

    [Fact]
    public void Rows_in_which_the_runtimes_differ_are_marked()
    {
        browser.Open();

        Assert.Equal(
            ["pids_limit", "tmpfs", "kernel", "network", "hello"],
            browser.FindAll("tbody th").Where(head => head.Text.Contains("differs", StringComparison.Ordinal))
                .Select(head => head.FindElement(By.CssSelector(".probe")).Text));
        Assert.Equal(
            ["9 probes, the runtimes differ in 3", "9 probes, the runtimes differ in 2"], Texts("#grids header p"));
    }

    [Fact]
    public void The_head_tells_the_verdict_the_totals_the_time_and_the_host()
    {
        browser.Open();

        Assert.Equal("Runtime matrix: runtime-matrix.yml", browser.Page.Title);
        Assert.Equal("✗ 4 of 53 cells unexpected", browser.Find("#verdict").Text);
        Assert.Equal(
            [
                "53: 49 as expected, 4 unexpected",
                "12.4 s; its cells sum to 23.6 s, 1.9 times that, 2 at once",
                "Linux 6.1.0-31-amd64 x86_64, cgroups hybrid, 2 processors",
                "runc: runc 1.1.5 (/usr/bin/runc)", "crun: crun 1.1.5 (/usr/bin/crun)", "runsc: runsc 1.1.5 (/usr/bin/runsc)",
                "2025-03-09 08:07:06 UTC",
            ],
            Texts("#facts dd"));
        Assert.Equal(
            ["✓ holds 44", "≈ holds differently 4", "✗ falls short 2", "! error 2", "◷ time limit 1"], Texts("#legend li"));
    }

    [Fact]
    public void A_matrix_that_is_as_expected_says_so()
    {
        browser.Open(SampleReport.Create(calm: true));

        Assert.Equal("✓ All 53 cells are as expected", browser.Find("#verdict").Text);
    }

    [Fact]
    public void Filters_leave_the_rows_that_differ_or_are_unexpected()
    {
        browser.Open();

        Choose("differences");
        Assert.Equal(["pids_limit", "tmpfs", "kernel", "network", "hello"], ShownProbes());
        Assert.Equal("5 of 18 rows shown", browser.Find("#status").Text);
        Choose("unexpected");
        Assert.Equal(["tmpfs", "seccomp", "hello"], ShownProbes());
        Choose("all");
        Assert.Equal(18, ShownProbes().Count);
    }

    [Fact]
    public void A_filter_that_leaves_nothing_says_so()
    {
        browser.Open(SampleReport.Create(calm: true));

        Choose("unexpected");

        Assert.Empty(ShownProbes());
        Assert.Equal("Nothing is unexpected", browser.Find("#status").Text);
    }

    [Fact]
    public void A_browser_without_scripts_says_what_is_missing()
    {
        browser.Open();
        browser.Page.ExecuteCdpCommand("Emulation.setScriptExecutionDisabled", new() { ["value"] = true });
        try
        {
            browser.Page.Navigate().Refresh();

            Assert.StartsWith("This page needs scripts", browser.Find("noscript").Text, StringComparison.Ordinal);
        }
        finally
        {
            browser.Page.ExecuteCdpCommand("Emulation.setScriptExecutionDisabled", new() { ["value"] = false });
        }
    }

    private string Background(string config, string probe, string runtime) =>
        browser.Cell(config, probe, runtime).GetCssValue("background-color");

    private void Choose(string filter) => browser.Find($"#filter label:has([value={filter}])").Click();

    private List<string> ShownProbes() => [.. browser.FindAll(".probe").Where(probe => probe.Displayed).Select(probe => probe.Text)];

    private IEnumerable<string> Texts(string selector) => browser.FindAll(selector).Select(element => element.Text);
}
