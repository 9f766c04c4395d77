using Podspawn.Oci.Configuration;
using Podspawn.Oci.Host;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation;
using Podspawn.Oci.Translation.Requests;
using static Podspawn.Oci.Tests.TestFacts;

namespace Podspawn.Oci.Tests.Translation;

public sealed class ResourceSpecs
{
    [Theory]
    [InlineData("2.0", 200000)]
    [InlineData("1.5", 150000)]
    [InlineData("0.01", 1000)]
    [InlineData("0.333333", 33333)]
    public void Cpus_become_a_quota(string cpus, long quota) =>
        Assert.Equal(new CpuLimits(quota, 100000), Resources(cpus: cpus).Cpu);

    [Theory]
    [InlineData("-1")]
    [InlineData("0.009")]
    [InlineData("100001")]
    [InlineData("79228162514264337593543950335")]
    public void Cpus_that_the_kernel_cannot_give_are_refused(string cpus) =>
        Assert.Equal("defaults.cpus", Assert.Single(Refusal(defaults: new LaunchDefaults { Cpus = Number(cpus) })).Key);

    [Fact]
    public void Zero_leaves_cpus_and_memory_unlimited()
    {
        LinuxResources resources = Resources(cpus: "0", memory: 0);
        Assert.Null(resources.Cpu);
        Assert.Null(resources.Memory);
    }

    [Fact]
    public void Memory_allows_as_much_swap_where_swap_is_counted()
    {
        Assert.Equal(new MemoryLimits(1L << 30, 2L << 30), Resources(memory: 1L << 30).Memory);
        Assert.Equal(new MemoryLimits(long.MaxValue, long.MaxValue), Resources(memory: long.MaxValue).Memory);
        TranslationResult result = Translate(host: UnifiedHost with { SwapAccounting = false });
        Assert.Equal(new MemoryLimits(2L << 30), result.Spec.Linux.Resources!.Memory);
        Assert.Equal(["/linux/resources/memory/limit"], result.Field("defaults.memory").SpecPaths);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(6291455)]
    public void Memory_in_which_nothing_could_start_is_refused(long bytes) =>
        Assert.Equal("defaults.memory", Assert.Single(Refusal(defaults: new LaunchDefaults { Memory = bytes })).Key);

    [Theory]
    [InlineData("cpu", "defaults.cpus", "cpus")]
    [InlineData("memory", "defaults.memory", "memory")]
    [InlineData("pids", "security.pids_limit", "pids_limit")]
    public void A_missing_controller_is_a_problem_unless_let_go(string controller, string key, string name)
    {
        HostFacts host = UnifiedHost.WithoutControllers(controller);
        Assert.Equal(key, Assert.Single(Refusal(host: host)).Key);

        LaunchRequest launch = Launch with { AllowUnenforced = new HashSet<string> { name } };
        TranslationResult result = Translate(launch: launch, host: host);
        Assert.Equal((Enforcement.Unenforced, Enforcer.Nobody), (result.Field(key).Enforcement, result.Field(key).EnforcedBy));
        Assert.Empty(result.Field(key).SpecPaths);
        Assert.Single(result.NotesOn(key, NoteSeverity.Warning));
    }

    [Theory]
    [InlineData(20000UL, 20000UL)]
    [InlineData(ulong.MaxValue, 1048576UL)]
    public void Open_files_are_limited_as_docker_does_but_never_above_our_own_limit(ulong hard, ulong expected)
    {
        HostFacts host = UnifiedHost with { OpenFilesHardLimit = hard };
        Assert.Contains(new Rlimit("RLIMIT_NOFILE", expected, expected), Translate(host: host).Spec.Process.Rlimits!);
    }

    [Theory]
    [InlineData(ulong.MaxValue, 1UL)]
    [InlineData(0UL, 0UL)]
    public void No_memory_is_dumped_and_no_program_of_the_hosts_started_for_it(ulong hard, ulong expected) =>
        Assert.Contains(new Rlimit("RLIMIT_CORE", expected, expected), Translate(host: UnifiedHost with { CoreHardLimit = hard }).Spec.Process.Rlimits!);

    [Fact]
    public void No_process_goes_before_others_by_a_limit_of_the_callers()
    {
        IReadOnlyList<Rlimit> limits = Translate().Spec.Process.Rlimits!;
        Assert.Contains(new Rlimit("RLIMIT_NICE", 0, 0), limits);
        Assert.Contains(new Rlimit("RLIMIT_RTPRIO", 0, 0), limits);
    }

    [Theory]
    [InlineData(-1000, 0)]
    [InlineData(-1, 0)]
    [InlineData(0, 0)]
    [InlineData(500, 500)]
    public void A_callers_protection_from_the_lack_of_memory_is_not_passed_on(int ours, int containers) =>
        Assert.Equal(containers, Translate(host: UnifiedHost with { OomScoreAdj = ours }).Spec.Process.OomScoreAdj);

    [Fact]
    public void Devices_are_denied_but_for_the_harmless_ones()
    {
        IReadOnlyList<DeviceRule> rules = Resources().Devices!;
        Assert.Equal(new DeviceRule(false, null, null, null, "rwm"), rules[0]);
        IEnumerable<string> allowed = rules.Where(rule => rule.Allow).Select(rule => $"{rule.Type} {rule.Major}:{rule.Minor?.ToString() ?? "*"}");
        Assert.Equal(["c 1:3", "c 1:5", "c 1:7", "c 1:8", "c 1:9", "c 5:0", "c 5:1", "c 5:2", "c 136:*"], allowed);
        Assert.Equal(new DeviceRule(false, "c", 10, 229, "rwm"), rules[^1]);
    }

    [Fact]
    public void Device_rules_are_there_wherever_the_host_can_enforce_them()
    {
        Assert.NotNull(Translate(host: HybridHost).Spec.Linux.Resources!.Devices);
        Assert.Null(Translate(host: HybridHost.WithoutControllers("devices")).Spec.Linux.Resources!.Devices);
    }

    private static LinuxResources Resources(string cpus = "2", long memory = 2L << 30) =>
        Translate(defaults: new LaunchDefaults { Cpus = Number(cpus), Memory = memory }).Spec.Linux.Resources!;

    private static decimal Number(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
