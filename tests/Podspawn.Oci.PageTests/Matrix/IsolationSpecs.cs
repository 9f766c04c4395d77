using System.Net;
using System.Net.Sockets;
using OpenQA.Selenium;

namespace Podspawn.Oci.PageTests.Matrix;

[Collection(BrowserTests.Name)]
public sealed class IsolationSpecs(Browser browser)
{
    // Nothing listens on that port.
    private const string Outside = "http://127.0.0.1:9/outside.png";

    [Fact]
    public void The_page_asks_for_nothing_and_the_console_stays_empty()
    {
        browser.Open();
        UseEverything();

        Assert.Empty(browser.Complaints());
        var requests = browser.Requests();
        Assert.Contains(requests, address => address.StartsWith("file:///", StringComparison.Ordinal));
        Assert.All(requests, address => Assert.Matches("^(data:|file:///.*/report\\.html)", address));
    }

    [Fact]
    public void A_request_and_a_complaint_would_be_seen()
    {
        browser.Open();
        browser.Page.Url = $"data:text/html,<img src='{Outside}'><script>console.warn('a warning')</script>";

        Assert.Contains(Outside, browser.Requests());
        Assert.Contains(browser.Complaints(), message => message.Contains("a warning", StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_container_writes_stays_text()
    {
        browser.Open(fragment: "#runc/default/busybox/hello");

        foreach (var part in (string[])["Reason", "Wish", "Falls short", "Notes", "Errors"])
            Assert.Equal(SampleReport.Hostile, browser.Part(part));
        Assert.StartsWith(SampleReport.Hostile + "\n", browser.Part("Output"), StringComparison.Ordinal);
        Assert.Equal("Runtime matrix: runtime-matrix.yml", browser.Page.Title);
        Assert.Empty(browser.FindAll("img, iframe, object"));
        Assert.Equal(2, browser.FindAll("script").Count);
        Assert.Empty(browser.Complaints());
    }

    [Fact]
    public void What_hides_or_turns_text_round_is_spelt_out()
    {
        browser.Open(fragment: "#runc/default/busybox/hello");

        Assert.Equal(SampleReport.Hostile + "\nok \\u{202e}gnp.exe\\u{001b}[2K", browser.Part("Evidence"));
    }

    [Fact]
    public void Markup_that_got_in_all_the_same_could_neither_run_nor_call_out()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        browser.Open();

        Intrude(listener);
        browser.Await(() => browser.Evaluate<bool>("document.getElementById('intruder').complete"));
        Assert.Equal("Runtime matrix: runtime-matrix.yml", browser.Page.Title);
        Assert.False(listener.Pending());
        Assert.Contains(browser.Complaints(), message => message.Contains("Content Security Policy", StringComparison.Ordinal));

        // Without the policy the same markup does both.
        browser.Page.Url = "data:text/html,<title>none</title>";
        Intrude(listener);
        browser.Await(listener.Pending);
        Assert.Equal("pwned", browser.Page.Title);
    }

    private void Intrude(TcpListener listener) =>
        browser.Script.ExecuteScript(
            """
            const script = document.createElement("script");
            script.textContent = "document.title = 'pwned'";
            document.body.append(script);
            document.body.insertAdjacentHTML("beforeend", `<img id=intruder src="http://${arguments[0]}/" onerror="document.title = 'pwned'">`);
            """,
            listener.LocalEndpoint.ToString()!);

    private void UseEverything()
    {
        foreach (var filter in (string[])["differences", "unexpected", "all"])
            browser.Find($"#filter label:has([value={filter}])").Click();
        browser.Media(("prefers-color-scheme", "dark"));
        browser.Cell("default", "hello", "runc").Click();
        foreach (var summary in browser.FindAll("summary"))
            summary.Click();
        browser.Find(".siblings a").Click();
        browser.Await(() => browser.Find("#cell-key").Text == "crun/default/busybox/hello");
        browser.Press(Keys.Escape);
        browser.Await(() => !browser.DialogIsOpen);
        browser.Press(Keys.ArrowDown);
    }
}
