using Podspawn.Oci.Host;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation;
using Podspawn.Oci.Verification;
using Podspawn.Oci.Verification.Checks;
using Podspawn.Oci.Verification.Expectations;
using Podspawn.Oci.Verification.Observation;
using Podspawn.Oci.Verification.Reports;

namespace Podspawn.Oci.Tests.Verification;

/// <summary>What a launch asks for beside its config, held against the kernel's files of both cgroup versions, by the checks alone.</summary>
public sealed class LimitCheckSpecs
{
    private const long Mib = 1 << 20;

    [Theory]
    [InlineData(CgroupLayout.Unified, "memory.swap.max", "46137344", "max")]
    [InlineData(CgroupLayout.Unified, "memory.swap.max", "46137344", "46141440")]
    [InlineData(CgroupLayout.Unified, "memory.low", "67108864", "0")]
    [InlineData(CgroupLayout.Unified, "cpu.weight", "20", "39")]
    [InlineData(CgroupLayout.Unified, "cpu.weight", "59", "100")]
    [InlineData(CgroupLayout.Unified, "cpu.max", "40000 80000", "50000 100000")]
    [InlineData(CgroupLayout.Unified, "cpuset.cpus", "0-1", "")]
    [InlineData(CgroupLayout.Unified, "cpuset.mems", "0", "")]
    [InlineData(CgroupLayout.Unified, "io.weight", "default 3142", "default 100")]
    [InlineData(CgroupLayout.Unified, "io.bfq.weight", "default 321\n8:0 100", "default 100\n8:0 321")]
    [InlineData(CgroupLayout.V1, "memory.memsw.limit_in_bytes", "314572800", "9223372036854771712")]
    [InlineData(CgroupLayout.V1, "memory.soft_limit_in_bytes", "67108864", "9223372036854771712")]
    [InlineData(CgroupLayout.V1, "cpu.shares", "512", "1024")]
    [InlineData(CgroupLayout.V1, "cpu.cfs_period_us", "80000", "100000")]
    [InlineData(CgroupLayout.V1, "cpuset.cpus", "0,1", "0-3")]
    [InlineData(CgroupLayout.V1, "cpuset.mems", "0", "0-1")]
    [InlineData(CgroupLayout.V1, "blkio.weight", "321", "500")]
    [InlineData(CgroupLayout.V1, "blkio.bfq.weight", "321", "100")]
    public void A_file_of_the_cgroup_says_what_was_asked_for_or_the_finding_falls_short(CgroupLayout layout, string file, string good, string bad)
    {
        string finding = file.Split('.')[0] switch { "memory" => "memory", "io" or "blkio" => "disks", _ => "cpus" };
        Assert.DoesNotContain(Shortfalls(finding, layout, (file, good)), line => line.Contains(file, StringComparison.Ordinal));
        Assert.Contains(Shortfalls(finding, layout, (file, bad)), line => line.Contains(file, StringComparison.Ordinal));
        // A file that is not there is bad news as well.
        Assert.Contains(Shortfalls(finding, layout), line => line.StartsWith("no ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_process_that_may_run_elsewhere_is_noticed_whatever_its_cgroup_says()
    {
        (string, string) list = ("cpuset.cpus", "0-1");
        Assert.Contains(Shortfalls("cpus", CgroupLayout.Unified, list), line => line.StartsWith("Cpus_allowed_list 0-3", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("nofile 123:456", 123UL, 456UL, 123UL, 456UL, true, true)]
    [InlineData("a process that lowers its own", 100UL, 200UL, 123UL, 456UL, false, true)]
    [InlineData("a soft limit within the hard one", 456UL, 456UL, 123UL, 456UL, false, true)]
    [InlineData("more", 123UL, 457UL, 123UL, 456UL, false, false)]
    [InlineData("unlimited", ulong.MaxValue, ulong.MaxValue, 123UL, 456UL, false, false)]
    public void A_limit_of_a_process_may_be_lowered_by_itself_and_never_raised(string about, ulong soft, ulong hard, ulong askedSoft, ulong askedHard, bool fresh, bool running)
    {
        Assert.NotEmpty(about);
        HostReport outside = Outside() with { Limits = new Dictionary<string, ProcessLimit> { ["NOFILE"] = new(soft, hard) }, OomScore = 0 };
        LimitExpectation limits = new() { Rlimits = [new Rlimit("RLIMIT_NOFILE", askedHard, askedSoft)] };
        Assert.Equal(fresh, Run("process_limits", Wish(CgroupLayout.Unified) with { Limits = limits }, outside, new ProbeReport()).Result == FindingResult.Holds);
        Assert.Equal(running, Run("process_limits", Wish(CgroupLayout.Unified) with { Limits = limits }, outside, null).Result == FindingResult.Holds);
    }

    [Fact]
    public void A_score_that_the_process_has_raised_is_told_and_one_that_is_lower_falls_short()
    {
        LimitExpectation limits = new() { OomScore = 300 };
        HostReport Scored(int score) => Outside() with { Limits = new Dictionary<string, ProcessLimit>(), OomScore = score };
        Assert.Equal(FindingResult.Holds, Run("process_limits", Wish(CgroupLayout.Unified) with { Limits = limits }, Scored(300), null).Result);
        Assert.Equal(FindingResult.HoldsDifferently, Run("process_limits", Wish(CgroupLayout.Unified) with { Limits = limits }, Scored(500), null).Result);
        Assert.Equal(FindingResult.FallsShort, Run("process_limits", Wish(CgroupLayout.Unified) with { Limits = limits }, Scored(500), new ProbeReport()).Result);
        Assert.Equal(FindingResult.FallsShort, Run("process_limits", Wish(CgroupLayout.Unified) with { Limits = limits }, Scored(299), null).Result);
    }

    [Fact]
    public void A_kernel_parameter_is_compared_by_its_numbers()
    {
        LimitExpectation limits = new() { Sysctls = new Dictionary<string, string> { ["net.ipv4.ping_group_range"] = "0 2147483647" } };
        HostReport With(string value) => Outside() with { Sysctls = new Dictionary<string, string> { ["net.ipv4.ping_group_range"] = value } };
        Assert.Equal(FindingResult.Holds, Run("sysctls", Wish(CgroupLayout.Unified) with { Limits = limits }, With("0\t2147483647"), null).Result);
        Assert.Equal(FindingResult.FallsShort, Run("sysctls", Wish(CgroupLayout.Unified) with { Limits = limits }, With("1\t0"), null).Result);
        Assert.Equal(FindingResult.FallsShort, Run("sysctls", Wish(CgroupLayout.Unified) with { Limits = limits }, Outside(), null).Result);
    }

    [Fact]
    public void A_weight_is_converted_by_either_of_the_runtimes_formulas()
    {
        Assert.Equal([39, 100], CgroupLimitChecks.Weights(1024));
        Assert.Equal([1, 1], CgroupLimitChecks.Weights(2));
        Assert.Equal([10000, 10000], CgroupLimitChecks.Weights(262144));
    }

    [Fact]
    public void Our_own_limits_are_read_as_the_kernel_tells_them()
    {
        IReadOnlyDictionary<string, ProcessLimit> own = ProcessLimit.Of(Environment.ProcessId);
        Assert.Equal(16, own.Count);
        Assert.All(own.Values, limit => Assert.True(limit.Soft <= limit.Hard));
    }

    private static IReadOnlyList<string> Shortfalls(string finding, CgroupLayout layout, params (string Name, string Text)[] files)
    {
        LimitExpectation asked = new()
        {
            Swap = 44 * Mib, Reservation = 64 * Mib, Shares = 512, Period = 80000, Cpus = "0-1", Mems = "0", DiskWeight = 321,
        };
        HostReport outside = Outside() with
        {
            Cgroup = new CgroupReport("/c", 256, 256 * Mib, -1, null) { Files = files.ToDictionary(file => file.Name, file => file.Text) },
            Status = new Dictionary<string, string> { ["Cpus_allowed_list"] = "0-3", ["Mems_allowed_list"] = "0" },
        };
        return Run(finding, Wish(layout) with { Memory = 256 * Mib, Limits = asked }, outside, null).Shortfalls;
    }

    private static HostReport Outside() => new()
    {
        Pid = 2,
        Status = new Dictionary<string, string>(),
        Namespaces = new Dictionary<string, string>(),
        Mounts = [],
        Streams = [],
        Cgroup = new CgroupReport("/c", 256, -1, -1, null),
    };

    private static Finding Run(string finding, Expectation expectation, HostReport outside, ProbeReport? inside) => Assert.Single(AllChecks.Run(
        expectation,
        new Evidence { Inside = inside, Outside = outside, HostNamespaces = new Dictionary<string, string>(), HostKernel = ("6.1", "#1") },
        new HashSet<string> { finding },
        []));

    private static Expectation Wish(CgroupLayout layout)
    {
        RuntimeDriver driver = RuntimeDriver.For("/usr/bin/runc", new RuntimeVersion("runc", "1"));
        TranslationResult translation = Translator.Translate(TestFacts.Config(null), TestFacts.Launch, TestFacts.UnifiedHost, driver.Traits);
        return PlannedExpectation.Of(new LaunchPlan(driver, TestFacts.UnifiedHost, TestFacts.Launch, TestFacts.Config(null), []), translation) with { CgroupLayout = layout };
    }
}
