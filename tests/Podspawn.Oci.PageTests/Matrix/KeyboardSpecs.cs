using OpenQA.Selenium;

namespace Podspawn.Oci.PageTests.Matrix;

[Collection(BrowserTests.Name)]
public sealed class KeyboardSpecs(Browser browser)
{
    [Fact]
    public void Arrows_home_and_end_walk_a_grid()
    {
        browser.Open();
        browser.Cell("default", "capabilities", "runc").SendKeys(Keys.ArrowRight);
        AssertFocus("default", "capabilities", "crun");
        browser.Press(Keys.ArrowDown);
        AssertFocus("default", "no_new_privileges", "crun");
        browser.Press(Keys.ArrowLeft);
        AssertFocus("default", "no_new_privileges", "runc");
        browser.Press(Keys.ArrowLeft);
        AssertFocus("default", "no_new_privileges", "runc");
        browser.Press(Keys.End);
        AssertFocus("default", "no_new_privileges", "runsc");
        browser.Press(Keys.ArrowUp);
        AssertFocus("default", "capabilities", "runsc");
        browser.Press(Keys.ArrowUp);
        AssertFocus("default", "capabilities", "runsc");
        browser.Press(Keys.Home);
        AssertFocus("default", "capabilities", "runc");
        browser.Press(Keys.Control + Keys.End);
        AssertFocus("default", "hello", "runsc");
        browser.Press(Keys.Control + Keys.Home);
        AssertFocus("default", "capabilities", "runc");
    }

    [Fact]
    public void Arrows_step_over_what_did_not_run_and_what_is_filtered_away()
    {
        browser.Open();
        browser.Cell("locked-down", "tmpfs", "runsc").SendKeys(Keys.ArrowDown);
        AssertFocus("locked-down", "kernel", "runsc");

        browser.Find("#filter label:has([value=differences])").Click();
        browser.Cell("default", "pids_limit", "runc").SendKeys(Keys.ArrowDown);
        AssertFocus("default", "tmpfs", "runc");
    }

    [Fact]
    public void A_grid_is_one_stop_of_the_tab_key()
    {
        browser.Open();
        browser.Cell("default", "tmpfs", "crun").SendKeys(Keys.Tab);
        AssertFocus("locked-down", "capabilities", "runc");
    }

    [Fact]
    public void A_grid_stays_within_reach_when_its_current_cell_is_filtered_away()
    {
        browser.Open();
        browser.Find("#filter label:has([value=differences])").Click();

        Assert.Equal(2, browser.FindAll("button.cell[tabindex='0']").Count(button => button.Displayed));
    }

    [Fact]
    public void Enter_opens_a_cell_and_escape_returns_to_it()
    {
        browser.Open();
        browser.Cell("default", "tmpfs", "crun").SendKeys(Keys.Enter);
        Assert.True(browser.DialogIsOpen);
        Assert.Equal("tmpfs", browser.Find("#cell-title").Text);

        browser.Press(Keys.Escape);
        browser.Await(() => !browser.DialogIsOpen);
        AssertFocus("default", "tmpfs", "crun");
    }

    private void AssertFocus(string config, string probe, string runtime)
    {
        var cell = browser.Cell(config, probe, runtime);
        browser.Await(() => browser.Focused.TagName == "button");
        Assert.True(
            browser.Focused.Equals(cell),
            $"the focus is on {browser.Evaluate<string>("document.activeElement.closest('tr, body').innerText")}, not on {probe} of {runtime}");
        Assert.Equal("0", cell.GetDomAttribute("tabindex"));
    }
}
