namespace Podspawn.Oci.PageTests.Matrix;

[Collection(BrowserTests.Name)]
public sealed class AppearanceSpecs(Browser browser)
{
    private const double LeastContrast = 4.5;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_text_can_be_read_in_light_and_dark(bool dark)
    {
        browser.Open(dark: dark);
        browser.Keep(dark ? "dark" : "light");
        AssertContrast();

        browser.Cell("default", "tmpfs", "crun").Click();
        browser.Find("[data-part='config.json'] summary").Click();
        AssertContrast();
    }

    [Fact]
    public void Dark_mode_turns_the_page_dark()
    {
        browser.Open();
        var light = Brightness();

        browser.Media(("prefers-color-scheme", "dark"));

        Assert.True(light > 230, $"the page's background is {light} of 255 in light mode");
        Assert.True(Brightness() < 40, $"the page's background is {Brightness()} of 255 in dark mode");
    }

    [Fact]
    public void Paper_stays_white_and_carries_no_filter()
    {
        browser.Open();
        browser.Media("print", ("prefers-color-scheme", "dark"));

        Assert.True(Brightness() > 230);
        Assert.False(browser.Find("#filter").Displayed);
        Assert.True(browser.Find("button.cell").Displayed);
    }

    [Fact]
    public void On_a_wide_screen_grids_stand_side_by_side()
    {
        browser.Open(SampleReport.Create(bundles: ["busybox", "debian"]), width: 1920, height: 1000);
        browser.Keep("wide");

        var tops = browser.FindAll("#grids > section").Select(section => section.Location.Y).ToList();
        Assert.Equal(tops[0], tops[1]);
        Assert.True(tops[2] > tops[0]);
    }

    [Fact]
    public void The_names_of_the_runtimes_stay_in_sight_while_a_grid_scrolls_by()
    {
        browser.Open(height: 300);
        browser.Await(() => browser.FindAll(".box.fits").Count == 2);

        browser.Script.ExecuteScript("document.querySelectorAll('tbody tr')[4].scrollIntoView({ block: 'start', behavior: 'instant' })");

        Assert.Equal(0, browser.Evaluate<long>("Math.round(document.querySelector('thead th').getBoundingClientRect().top)"));
        Assert.True(browser.Evaluate<bool>(
            "document.querySelector('thead th').getBoundingClientRect().bottom <= document.querySelectorAll('tbody tr')[4].getBoundingClientRect().top"));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    public void On_a_phone_only_a_grid_scrolls_sideways_and_its_probes_stay_in_sight(int runtimes)
    {
        string[] names = ["runc", "crun", "runsc", "runc-old", "crun-old", "runsc-old", "youki", "kata"];
        browser.Open(SampleReport.Create(names[..runtimes]), width: 360, height: 740);
        browser.Keep($"phone-{runtimes}");
        AssertNoSidewaysScrolling();

        browser.Script.ExecuteScript("document.querySelector('.box').scrollLeft = 10000");
        Assert.True(browser.Evaluate<bool>("[...document.querySelectorAll('tbody th')].every(th => th.getBoundingClientRect().left >= 0)"));
        // The last column is visible beside them.
        Assert.True(browser.Evaluate<bool>("document.querySelector('thead th:last-child').getBoundingClientRect().right <= 360"));
    }

    [Fact]
    public void A_cell_fits_a_phone()
    {
        browser.Open(fragment: "#runc/default/busybox/hello", width: 360, height: 740);
        browser.Keep("phone-dialog");

        AssertNoSidewaysScrolling();
        Assert.True(browser.Evaluate<bool>("document.querySelector('dialog').scrollWidth <= document.querySelector('dialog').clientWidth"));
        Assert.True(browser.Evaluate<bool>("document.querySelector('dialog').getBoundingClientRect().right <= 360"));
    }

    [Fact]
    public void Without_colour_every_cell_still_says_what_it_is()
    {
        browser.Open();
        browser.Media(("forced-colors", "active"));
        browser.Keep("forced-colours");

        Assert.True(browser.Evaluate<bool>("matchMedia('(forced-colors: active)').matches"));
        Assert.All(browser.FindAll("tbody td"), cell => Assert.Matches(
            @"^(–\s+not run|✓\s+holds|≈\s+holds differently|✗\s+falls short|!\s+error|◷\s+time limit)(\s+(un)?expected)?$", cell.Text));
        var unexpected = browser.FindAll("button[data-expected=false]");
        Assert.Equal(4, unexpected.Count);
        Assert.All(unexpected, cell => Assert.Equal("double", cell.GetCssValue("border-top-style")));
    }

    private void AssertContrast()
    {
        var script = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Matrix", "Data", "contrast.js"));
        var measured = ((IEnumerable<object>)browser.Script.ExecuteScript(script)!).Cast<IReadOnlyCollection<object>>()
            .Select(pair => (Text: (string)pair.First(), Contrast: Convert.ToDouble(pair.Last(), null))).ToList();
        Assert.True(measured.Count > 100, $"only {measured.Count} texts were measured");
        Assert.DoesNotContain(measured, text => text.Contrast < LeastContrast);
    }

    private void AssertNoSidewaysScrolling() =>
        Assert.Equal(360, browser.Evaluate<long>("Math.max(document.documentElement.scrollWidth, window.innerWidth)"));

    private double Brightness() => browser.Evaluate<string>("getComputedStyle(document.body).backgroundColor")
        .Split('(', ',', ')')[1..4].Average(channel => double.Parse(channel, null));
}
