using System.Text.Json;
using OpenQA.Selenium;

namespace Podspawn.Oci.PageTests.Matrix;

[Collection(BrowserTests.Name)]
public sealed class CellSpecs(Browser browser)
{
    [Fact]
    public void A_click_shows_wish_evidence_config_and_what_differs()
    {
        browser.Open();

        browser.Cell("default", "pids_limit", "runsc").Click();

        Assert.Equal("pids_limit", browser.Find("#cell-title").Text);
        Assert.Equal("runsc/default/busybox/pids_limit", browser.Find("#cell-key").Text);
        Assert.Equal("✗ falls short expected expected: falls short", browser.Find(".outcome").Text.ReplaceLineEndings(" "));
        Assert.Equal("gVisor counts its own threads", browser.Part("Reason"));
        Assert.Equal("pids_limit as the config has it", browser.Part("Wish"));
        Assert.Equal("pids_limit is less than asked for", browser.Part("Falls short"));
        Assert.Equal("pids_limit was seen\na second line", browser.Part("Evidence"));
        Assert.Equal("436 ms under runsc 1.1.5", browser.Part("Ran"));
        Assert.Equal("runc ✓ holds crun ✓ holds", string.Join(" ", browser.Part("Same probe and config").Split(Space, Trimmed)));
        Assert.Empty(browser.FindAll("[data-part=Output], [data-part=Notes], [data-part=Command]"));
    }

    [Fact]
    public void A_click_shows_command_exit_status_and_output()
    {
        browser.Open();

        browser.Cell("default", "hello", "crun").Click();

        Assert.Equal("echo 'hello world' 'it'\\''s'", browser.Part("Command"));
        Assert.Equal("0", browser.Part("Exit status"));
        Assert.Equal("hello", browser.Part("Output"));
    }

    [Fact]
    public void The_configs_show_pretty_printed_and_exact()
    {
        browser.Open();
        browser.Cell("default", "tmpfs", "crun").Click();

        browser.Find("[data-part='config.json'] summary").Click();
        browser.Find("[data-part='Security config'] summary").Click();

        var expected = JsonSerializer.Serialize(SampleReport.Create().Specs[0].Spec, Indented);
        Assert.Equal(expected, browser.Part("config.json"));
        Assert.Contains("\"hard\": 18446744073709551615,", browser.Part("config.json"), StringComparison.Ordinal);
        Assert.Equal("{\n  \"pids_limit\": 100,\n  \"read_only\": true\n}", browser.Part("Security config"));
        browser.Keep("dialog");
    }

    [Fact]
    public void A_cell_has_an_address_that_opens_it()
    {
        browser.Open(fragment: "#runsc/default/busybox/kernel");

        Assert.True(browser.DialogIsOpen);
        Assert.Equal("runsc/default/busybox/kernel", browser.Find("#cell-key").Text);
        browser.Press(Keys.Escape);
        browser.Await(() => browser.Focused.Equals(browser.Cell("default", "kernel", "runsc")));
        Assert.DoesNotContain("#", browser.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public void Opening_a_cell_puts_it_into_the_address_and_going_back_closes_it()
    {
        browser.Open();
        browser.Cell("default", "tmpfs", "crun").Click();
        Assert.EndsWith("#crun/default/busybox/tmpfs", browser.Page.Url, StringComparison.Ordinal);

        browser.Page.Navigate().Back();

        browser.Await(() => !browser.DialogIsOpen);
    }

    [Fact]
    public void From_a_cell_one_gets_to_the_same_probe_under_another_runtime()
    {
        browser.Open();
        browser.Cell("default", "tmpfs", "crun").Click();

        browser.Find(".siblings a").Click();

        browser.Await(() => browser.Find("#cell-key").Text == "runc/default/busybox/tmpfs");
        Assert.True(browser.DialogIsOpen);
    }

    [Fact]
    public void An_address_of_no_cell_says_so()
    {
        browser.Open(fragment: "#runc/%E0%A4%A/busybox/none");

        Assert.False(browser.DialogIsOpen);
        Assert.Equal("This matrix has no cell of that address", browser.Find("#status").Text);
    }

    [Fact]
    public void The_button_closes_a_cell()
    {
        browser.Open();
        browser.Cell("default", "tmpfs", "crun").Click();

        browser.Find("#close").Click();

        browser.Await(() => !browser.DialogIsOpen);
        browser.Await(() => browser.Focused.Equals(browser.Cell("default", "tmpfs", "crun")));
    }

    private const StringSplitOptions Trimmed = StringSplitOptions.RemoveEmptyEntries;

    private static readonly char[] Space = [' ', '\n'];

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
