using Podspawn.Oci.Configuration;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.Translation;
using Podspawn.Oci.Verification;
using Podspawn.Oci.Verification.Expectations;
using Podspawn.Oci.Verification.Findings;
using Podspawn.Oci.Verification.Observation;
using Podspawn.Oci.Verification.Reports;

namespace Podspawn.Oci.Tests.Verification;

/// <summary>The checks by themselves: what must never pass for good news.</summary>
public sealed class CheckSpecs
{
    private static Expectation WishFor(string runtime, SecurityConfig? security = null)
    {
        RuntimeDriver driver = RuntimeDriver.For($"/usr/bin/{runtime}", new RuntimeVersion(runtime, "1"));
        PodspawnConfig config = TestFacts.Config(security);
        TranslationResult translation = Translator.Translate(config, TestFacts.Launch, TestFacts.UnifiedHost, driver.Traits);
        return PlannedExpectation.Of(new LaunchPlan(driver, TestFacts.UnifiedHost, TestFacts.Launch, config, []), translation);
    }

    private static Evidence Nothing(ProbeReport? inside) => new()
    {
        Inside = inside,
        HostNamespaces = new Dictionary<string, string>(),
        HostKernel = ("6.1", "#1"),
        End = "the container ended with status 137",
    };

    public static TheoryData<string, string> Everything()
    {
        var data = new TheoryData<string, string>();
        foreach (string name in FindingNames.All)
        {
            data.Add(name, "runc");
            data.Add(name, "runsc");
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public void Where_nothing_was_seen_nothing_holds(string name, string runtime)
    {
        Expectation expectation = WishFor(runtime, new SecurityConfig { ReadonlyRootfs = true, Tmpfs = [KeyValuePair.Create("/tmp", "size=1m")] });
        Finding finding = Assert.Single(AllChecks.Run(expectation, Nothing(new ProbeReport()), new HashSet<string> { name }, []));
        Assert.Equal(FindingResult.FallsShort, finding.Result);
        Assert.NotEmpty(finding.Shortfalls);
    }

    [Fact]
    public void Every_finding_is_told_once_and_in_order() =>
        Assert.Equal(FindingNames.All, AllChecks.Run(WishFor("runc"), Nothing(new ProbeReport()), FindingNames.All.ToHashSet(), []).Select(finding => finding.Name));

    [Theory]
    [InlineData("pids\t256\tEAGAIN", "pids_after\tok", FindingResult.Holds)]
    [InlineData("pids\t255\tEAGAIN", "pids_after\tok", FindingResult.FallsShort)]
    [InlineData("pids\t264\tok", "pids_after\tok", FindingResult.FallsShort)]
    [InlineData("pids\t257\tEAGAIN", "pids_after\tok", FindingResult.FallsShort)]
    [InlineData("pids\t256\tENOMEM", "pids_after\tok", FindingResult.FallsShort)]
    [InlineData("pids\t256\tEAGAIN", "pids_after\tEAGAIN", FindingResult.FallsShort)]
    [InlineData("pids\t256\tEAGAIN", "end", FindingResult.FallsShort)]
    [InlineData("pids\tmany\tEAGAIN", "pids_after\tok", FindingResult.FallsShort)]
    public void A_pids_limit_of_256_holds_at_256_and_nowhere_else(string line, string after, FindingResult result)
    {
        var inside = new ProbeReport();
        inside.Add(line);
        inside.Add(after);
        Evidence evidence = Nothing(inside) with
        {
            Outside = new HostReport
            {
                Pid = 2,
                Status = new Dictionary<string, string>(),
                Namespaces = new Dictionary<string, string>(),
                Mounts = [],
                Streams = [],
                Cgroup = new CgroupReport("/c", 256, -1, -1, null),
            },
        };
        Assert.Equal(result, Assert.Single(AllChecks.Run(WishFor("runc"), evidence, new HashSet<string> { "pids_limit" }, [])).Result);
    }
}
