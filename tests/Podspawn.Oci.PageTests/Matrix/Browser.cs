using System.Text.Json;
using OpenQA.Selenium;
using OpenQA.Selenium.Chrome;
using OpenQA.Selenium.Support.UI;
using Podspawn.Oci.Matrix;
using Podspawn.Oci.Matrix.Html;

namespace Podspawn.Oci.PageTests.Matrix;

/// <summary>One headless Chromium for all tests, Debian's own, with a profile that is removed with it.</summary>
public sealed class Browser : IDisposable
{
    private const string Program = "/usr/bin/chromium";
    private const string Driver = "/usr/bin/chromedriver";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("podspawn-page-");
    private readonly ChromeDriverService? _service;
    private readonly ChromeDriver? _driver;

    public Browser()
    {
        try
        {
            foreach (var program in (string[])[Program, Driver])
                Assert.True(File.Exists(program), $"{program} is missing; run scripts/setup, which installs chromium and chromium-driver");

            // The driver's path is given in full: otherwise Selenium tries to download one.
            _service = ChromeDriverService.CreateDefaultService(Path.GetDirectoryName(Driver), Path.GetFileName(Driver));
            _service.SuppressInitialDiagnosticInformation = true;
            _driver = new ChromeDriver(_service, Options(Path.Combine(_directory.FullName, "profile")));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public ChromeDriver Page => _driver!;

    public IJavaScriptExecutor Script => _driver!;

    /// <summary>Shows a report in a new document, on a screen of the given size and kind.</summary>
    internal void Open(MatrixReport? report = null, string fragment = "", int width = 1280, int height = 900, bool dark = false)
    {
        var file = Path.Combine(_directory.FullName, "report.html");
        using (var output = File.Create(file))
            HtmlReport.Write(report ?? SampleReport.Create(), output);

        Page.Url = "about:blank";
        Show(width, height);
        Media(("prefers-color-scheme", dark ? "dark" : "light"), ("forced-colors", "none"));
        Complaints();
        Requests();
        Page.Url = new Uri(file).AbsoluteUri + fragment;
    }

    internal void Show(int width, int height) =>
        Page.ExecuteCdpCommand("Emulation.setDeviceMetricsOverride", new()
        {
            ["width"] = width,
            ["height"] = height,
            ["deviceScaleFactor"] = width < 500 ? 2 : 1,
            ["mobile"] = width < 500,
        });

    internal void Media(params (string Name, string Value)[] features) => Media("", features);

    internal void Media(string medium, params (string Name, string Value)[] features) =>
        Page.ExecuteCdpCommand("Emulation.setEmulatedMedia", new()
        {
            ["media"] = medium,
            ["features"] = features.Select(feature => new Dictionary<string, object> { ["name"] = feature.Name, ["value"] = feature.Value })
                .ToArray<object>(),
        });

    internal IWebElement Find(string selector) => Page.FindElement(By.CssSelector(selector));

    internal IReadOnlyList<IWebElement> FindAll(string selector) => Page.FindElements(By.CssSelector(selector));

    internal T Evaluate<T>(string expression, params object[] arguments) => (T)Script.ExecuteScript($"return {expression}", arguments)!;

    /// <summary>The button of a cell.</summary>
    internal IWebElement Cell(string config, string probe, string runtime)
    {
        var row = Find($"section[aria-labelledby='{Heading(config)}']").FindElements(By.CssSelector("tbody tr"))
            .Single(row => row.FindElement(By.CssSelector(".probe")).Text == probe);
        var columns = FindAll("section:first-child thead th").Select(head => head.Text).ToList();
        return row.FindElements(By.CssSelector("td"))[columns.IndexOf(runtime) - 1].FindElement(By.TagName("button"));
    }

    internal string Heading(string config) => FindAll("#grids h2").Single(head => head.Text == config).GetAttribute("id")!;

    internal void Press(string keys) => Page.SwitchTo().ActiveElement().SendKeys(keys);

    internal IWebElement Focused => Page.SwitchTo().ActiveElement();

    internal bool DialogIsOpen => Find("#cell").GetDomProperty("open") == "True";

    /// <summary>The part of the open dialog with that title, as it is displayed.</summary>
    internal string Part(string title) => Find($"#cell-body [data-part='{title}'] :not(h3):not(summary)").GetDomProperty("innerText")!.TrimEnd('\n');

    internal void Await(Func<bool> condition) => new WebDriverWait(Page, Patience).Until(_ => condition());

    /// <summary>The errors of the console and the browser since the last call.</summary>
    internal IReadOnlyList<string> Complaints() =>
        [.. Page.Manage().Logs.GetLog(LogType.Browser).Where(entry => entry.Level >= LogLevel.Warning).Select(entry => entry.Message)];

    /// <summary>The addresses that the browser requested since the last call.</summary>
    internal IReadOnlyList<string> Requests()
    {
        var addresses = new List<string>();
        foreach (var entry in Page.Manage().Logs.GetLog("performance"))
        {
            using var document = JsonDocument.Parse(entry.Message);
            var message = document.RootElement.GetProperty("message");
            if (message.GetProperty("method").GetString() == "Network.requestWillBeSent")
                addresses.Add(message.GetProperty("params").GetProperty("request").GetProperty("url").GetString()!);
        }

        return addresses;
    }

    /// <summary>Saves a picture of the page, for people, in artifacts/page.</summary>
    internal void Keep(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "page"));
        var answer = (Dictionary<string, object?>)Page.ExecuteCdpCommand(
            "Page.captureScreenshot", new() { ["captureBeyondViewport"] = !DialogIsOpen })!;
        File.WriteAllBytes(Path.Combine(folder.FullName, name + ".png"), Convert.FromBase64String((string)answer["data"]!));
    }

    public void Dispose()
    {
        _driver?.Dispose();
        _service?.Dispose();
        _directory.Delete(recursive: true);
    }

    private static ChromeOptions Options(string profile)
    {
        var options = new ChromeOptions { BinaryLocation = Program };
        options.AddArguments(
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", $"--user-data-dir={profile}");
        options.SetLoggingPreference(LogType.Browser, LogLevel.All);
        options.SetLoggingPreference("performance", LogLevel.All);
        return options;
    }
}

[CollectionDefinition(Name)]
public sealed class BrowserTests : ICollectionFixture<Browser>
{
    public const string Name = "browser";
}
