using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Configuration;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation;
using Podspawn.Oci.Translation.Requests;
using static Podspawn.Oci.Tests.TestFacts;

namespace Podspawn.Oci.Tests.Translation;

/// <summary>What a launch asks of the kernel beside its config, on every cgroup layout and runtime.</summary>
public sealed class LaunchResourceSpecs
{
    private static readonly HostFacts Version1Host = UnifiedHost with
    {
        CgroupLayout = CgroupLayout.V1,
        CgroupControllers = new HashSet<string> { "blkio", "cpu", "cpuset", "devices", "memory", "pids" },
    };

    private static readonly HostFacts[] Layouts =
        [UnifiedHost, Version1Host, Version1Host with { CgroupLayout = CgroupLayout.Hybrid }];

    private static readonly RuntimeTraits[] Runtimes = [Runc, Crun, Runsc, NewRunsc];

    [Fact]
    public void Each_limit_of_a_cgroup_stands_in_the_spec_as_the_runtimes_convert_it_on_every_layout()
    {
        foreach ((HostFacts host, RuntimeTraits runtime) in Layouts.SelectMany(host => Runtimes.Select(runtime => (host, runtime))))
        {
            LinuxResources resources = Made(new ResourceRequest
            {
                MemorySwap = 3L << 30, MemoryReservation = 1 << 20, CpuShares = 512, CpuPeriod = 50_000, CpusetCpus = "0-1,3", CpusetMems = "0", BlkioWeight = 300,
            }, host, runtime).Spec.Linux.Resources!;
            Assert.Equal(new MemoryLimits(2L << 30, 3L << 30) { Reservation = 1 << 20 }, resources.Memory);
            Assert.Equal(new CpuLimits(100_000, 50_000) { Shares = 512, Cpus = "0-1,3", Mems = "0" }, resources.Cpu);
            Assert.Equal(new BlockIoLimits(300), resources.BlockIo);
        }
        Assert.Contains("\"blockIO\":{\"weight\":300}", Text(Made(new ResourceRequest { BlkioWeight = 300 }).Spec), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_asked_for_leaves_the_spec_as_it_is() =>
        Assert.Equal(Text(Translate().Spec), Text(Made(new ResourceOptions { CpuShares = 0, BlkioWeight = 0, MemorySwap = "0", MemoryReservation = "0" }.Read()).Spec));

    [Theory]
    [InlineData("memory", "memory_swap", false)]
    [InlineData("memory", "memory_reservation", true)]
    [InlineData("cpu", "cpu_shares", true)]
    [InlineData("cpuset", "cpuset_cpus", true)]
    [InlineData("cpuset", "cpuset_mems", true)]
    [InlineData("io", "blkio_weight", true)]
    public void A_missing_controller_is_a_problem_unless_let_go(string controller, string key, bool byItself)
    {
        HostFacts host = byItself ? UnifiedHost.WithoutControllers(controller) : UnifiedHost with { SwapAccounting = false };
        ResourceRequest asked = new()
        {
            MemorySwap = key == "memory_swap" ? 3L << 30 : null,
            MemoryReservation = key == "memory_reservation" ? 1 << 20 : null,
            CpuShares = key == "cpu_shares" ? 512 : null,
            CpusetCpus = key == "cpuset_cpus" ? "0" : null,
            CpusetMems = key == "cpuset_mems" ? "0" : null,
            BlkioWeight = key == "blkio_weight" ? 300 : null,
        };
        Problem problem = Assert.Single(Refused(asked, host), problem => problem.Origin.Flag == $"--{key.Replace('_', '-')}");
        Assert.Contains($"--allow-unenforced {key}", problem.Hint, StringComparison.Ordinal);
        LaunchRequest waived = Launch with { Resources = asked, AllowUnenforced = new HashSet<string> { key, "memory", "cpus" } };
        TranslationResult result = Translate(launch: waived, host: host);
        Assert.Equal((Enforcement.Unenforced, Enforcer.Nobody), (result.Field(key).Enforcement, result.Field(key).EnforcedBy));
        Assert.Empty(result.Field(key).SpecPaths);
        Assert.Single(result.NotesOn(key, NoteSeverity.Warning));
    }

    [Fact]
    public void A_kernel_without_weights_at_the_disks_is_a_problem() =>
        Assert.Contains("--blkio-weight: this host's kernel has no weights", Said(new ResourceRequest { BlkioWeight = 300 }, UnifiedHost with { BlockIoWeight = false }), StringComparison.Ordinal);

    [Fact]
    public void A_weight_of_the_scheduler_alone_is_only_for_a_runtime_that_finds_it()
    {
        HostFacts host = Version1Host with { OnlyBfqWeight = true };
        ResourceRequest asked = new() { BlkioWeight = 300 };
        Assert.NotNull(Made(asked, host).Spec.Linux.Resources!.BlockIo);
        Assert.NotNull(Made(asked, UnifiedHost with { OnlyBfqWeight = true }, Crun).Spec.Linux.Resources!.BlockIo);
        foreach (RuntimeTraits runtime in new[] { Crun, Runsc })
            Assert.Contains($"--blkio-weight: {runtime.Name} does not know the weight of the scheduler bfq", Said(asked, host, runtime), StringComparison.Ordinal);
    }

    [Fact]
    public void Values_that_the_kernel_does_not_take_are_refused()
    {
        (ResourceRequest Asked, string Message)[] wrong =
        [
            (new() { CpuShares = 1 }, "--cpu-shares: 1 is no weight"), (new() { CpuShares = 262_145 }, "--cpu-shares: 262145 is no weight"), (new() { CpuShares = -5 }, "--cpu-shares: -5"),
            (new() { CpuPeriod = 999 }, "--cpu-period: 999 is no period"), (new() { CpuPeriod = 1_000_001 }, "--cpu-period: 1000001"), (new() { CpuPeriod = -1 }, "--cpu-period: -1"),
            (new() { CpusetCpus = "0-" }, "--cpuset-cpus: \"0-\" is no list"), (new() { CpusetCpus = "3-1" }, "--cpuset-cpus: \"3-1\""), (new() { CpusetCpus = "0,,1" }, "--cpuset-cpus:"),
            (new() { CpusetCpus = "0\n1" }, "--cpuset-cpus:"), (new() { CpusetMems = "a" }, "--cpuset-mems:"), (new() { CpusetCpus = "99999999" }, "--cpuset-cpus:"),
            (new() { CpusetCpus = "0-7" }, "--cpuset-cpus: this host has the processors 0-3 only"), (new() { CpusetMems = "1" }, "--cpuset-mems: this host has the memory nodes 0 only"),
            (new() { BlkioWeight = 9 }, "--blkio-weight: 9"), (new() { BlkioWeight = 1001 }, "--blkio-weight: 1001"),
            (new() { OomScoreAdj = 1001 }, "--oom-score-adj: 1001"), (new() { OomScoreAdj = -1001 }, "--oom-score-adj: -1001"),
            (new() { ShmSize = 0 }, "--shm-size: 0 would be unlimited"),
            (new() { MemorySwap = 1 << 20 }, "--memory-swap: 1048576 bytes of memory and swap together are less than"),
            (new() { MemoryReservation = 3L << 30 }, "--memory-reservation: 3221225472 bytes are more than the limit"),
        ];
        HostFacts host = UnifiedHost with { ProcessorList = "0-3", MemoryNodeList = "0" };
        Assert.All(wrong, one => Assert.Contains(one.Message, Said(one.Asked, host), StringComparison.Ordinal));
    }

    [Fact]
    public void Swap_needs_a_limit_on_memory_to_be_counted_with()
    {
        LaunchRequest launch = Launch with { Resources = new ResourceRequest { MemorySwap = 1 << 30 } };
        Assert.Contains("--memory-swap:", Assert.Single(Refusal(defaults: new LaunchDefaults { Memory = 0 }, launch: launch)).ToString(), StringComparison.Ordinal);
        Assert.Equal(-1, Made(new ResourceRequest { MemorySwap = -1 }).Spec.Linux.Resources!.Memory!.Swap);
        Assert.Equal(2L << 30, Made(new ResourceRequest { MemorySwap = 2L << 30 }).Spec.Linux.Resources!.Memory!.Swap);
    }

    [Theory]
    [InlineData("25000", null, "0.25")]
    [InlineData("10000", "30000", "10000/30000")]
    [InlineData("-1", null, "0")]
    [InlineData("0", null, "0")]
    public void A_quota_stands_for_a_number_of_processors_and_comes_back_whole(string quota, string? period, string cpus)
    {
        long? length = period is null ? null : long.Parse(period, System.Globalization.CultureInfo.InvariantCulture);
        PodspawnConfig config = new ConfigOverrides { CpuQuota = long.Parse(quota, System.Globalization.CultureInfo.InvariantCulture), CpuPeriod = length }.ApplyTo(PodspawnConfig.BuiltIn);
        CpuLimits? limits = Translator.Translate(config, Launch with { Resources = new ResourceRequest { CpuPeriod = length } }, UnifiedHost, Runc).Spec.Linux.Resources!.Cpu;
        Assert.Equal(cpus == "0" ? null : new CpuLimits(long.Parse(quota, System.Globalization.CultureInfo.InvariantCulture), (ulong)(length ?? 100_000)), limits);
    }

    [Fact]
    public void A_number_of_processors_and_a_quota_exclude_each_other()
    {
        foreach (ConfigOverrides flags in new ConfigOverrides[] { new() { Cpus = "1", CpuQuota = 5000 }, new() { Cpus = "1", CpuPeriod = 5000 } })
            Assert.Contains("--cpus excludes --cpu-quota", Assert.Throws<ConfigException>(() => flags.ApplyTo(PodspawnConfig.BuiltIn)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_score_below_our_own_needs_the_capability()
    {
        HostFacts bound = UnifiedHost with { OomScoreAdj = 100, AvailableCapabilities = CapabilitySet.Of(Capability.Chown) };
        Assert.Contains("--oom-score-adj: going below our own score, 100, needs CAP_SYS_RESOURCE", Said(new ResourceRequest { OomScoreAdj = 50 }, bound), StringComparison.Ordinal);
        Assert.Equal(100, Made(new ResourceRequest { OomScoreAdj = 100 }, bound with { AvailableCapabilities = UnifiedHost.AvailableCapabilities }).Spec.Process.OomScoreAdj);
        TranslationResult protectedOne = Made(new ResourceRequest { OomScoreAdj = -500 });
        Assert.Equal(-500, protectedOne.Spec.Process.OomScoreAdj);
        Assert.Single(protectedOne.NotesOn("oom_score_adj", NoteSeverity.Warning));
    }

    [Fact]
    public void Shared_memory_has_its_size_and_excludes_another_mount_there()
    {
        Mount shm = Assert.Single(Made(new ResourceRequest { ShmSize = 1 << 20 }).Spec.Mounts, mount => mount.Destination == "/dev/shm");
        Assert.Equal(["nosuid", "noexec", "nodev", "mode=1777", "size=1048576"], shm.Options);
        LaunchRequest both = Launch with { Resources = new ResourceRequest { ShmSize = 1 << 20 }, Volumes = [new VolumeMount("/srv", "/dev/shm")] };
        Assert.Contains("another mount goes to /dev/shm", Assert.Single(Refusal(launch: both)).What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_limit_of_a_process_replaces_ours()
    {
        IReadOnlyList<Rlimit> limits = Made(Limits("nofile=100:200", "memlock=-1", "rtprio=5")).Spec.Process.Rlimits!;
        Assert.Equal(new Rlimit("RLIMIT_NOFILE", 200, 100), Assert.Single(limits, limit => limit.Type == "RLIMIT_NOFILE"));
        Assert.Contains(new Rlimit("RLIMIT_MEMLOCK", ulong.MaxValue, ulong.MaxValue), limits);
        Assert.Equal(new Rlimit("RLIMIT_RTPRIO", 5, 5), Assert.Single(limits, limit => limit.Type == "RLIMIT_RTPRIO"));
    }

    [Fact]
    public void A_dump_of_no_size_is_one_for_which_the_host_starts_no_program()
    {
        Assert.Contains(new Rlimit("RLIMIT_CORE", 1, 1), Made(Limits("core=0")).Spec.Process.Rlimits!);
        TranslationResult dumps = Made(Limits("core=0:-1"));
        Assert.Contains(new Rlimit("RLIMIT_CORE", ulong.MaxValue, 1), dumps.Spec.Process.Rlimits!);
        Assert.Single(dumps.NotesOn("ulimit", NoteSeverity.Warning));
    }

    [Fact]
    public void Limits_that_cannot_be_are_refused()
    {
        HostFacts bound = UnifiedHost with { AvailableCapabilities = CapabilitySet.Of(Capability.Chown), HardLimits = new Dictionary<string, ulong> { ["nofile"] = 1000 } };
        Assert.Contains("nofile: 1001 is more than our own hard limit, 1000", Said(Limits("nofile=1001"), bound), StringComparison.Ordinal);
        Assert.Contains(new Rlimit("RLIMIT_NOFILE", 1001, 1001), Made(Limits("nofile=1001"), bound with { AvailableCapabilities = UnifiedHost.AvailableCapabilities }).Spec.Process.Rlimits!);
        Assert.Contains("5 in effect is more than the hard limit of 4", Said(Limits("nofile=5:4")), StringComparison.Ordinal);
        Assert.Contains("did you mean nofile", Said(Limits("nofiles=5")), StringComparison.Ordinal);
        foreach (string bad in new[] { "nofile", "nofile=", "nofile=a", "nofile=1:2:3", "nofile=-2", "=5=6", "host" })
            Assert.Contains("--ulimit:", Assert.Throws<ConfigException>(() => Limits(bad)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_sentry_counts_processes_by_the_smaller_of_two_limits_and_passes_over_limits_that_it_only_tells()
    {
        LaunchRequest launch = Launch with { Resources = Limits("nproc=50") };
        Assert.Contains(new Rlimit("RLIMIT_NPROC", 50, 50), Translate(launch: launch, runtime: Runsc).Spec.Process.Rlimits!);
        launch = Launch with { Resources = Limits("nproc=-1") };
        Assert.Contains(new Rlimit("RLIMIT_NPROC", 256, 256), Translate(launch: launch, runtime: Runsc).Spec.Process.Rlimits!);
        Assert.Contains("gvisor tells a process the limit 'msgqueue'", Said(Limits("msgqueue=5"), runtime: Runsc), StringComparison.Ordinal);
        LaunchRequest waived = Launch with { Resources = Limits("msgqueue=5"), AllowUnenforced = new HashSet<string> { "ulimit" } };
        Assert.Contains(new Rlimit("RLIMIT_MSGQUEUE", 5, 5), Translate(launch: waived, runtime: Runsc).Spec.Process.Rlimits!);
    }

    [Theory]
    [InlineData("kernel.msgmax", true)]
    [InlineData("kernel.shm_rmid_forced", true)]
    [InlineData("fs.mqueue.msg_max", true)]
    [InlineData("net.core.somaxconn", true)]
    [InlineData("net/ipv4/ip_forward", true)]
    [InlineData("kernel.core_pattern", false)]
    [InlineData("kernel.hostname", false)]
    [InlineData("vm.overcommit_memory", false)]
    [InlineData("fs.suid_dumpable", false)]
    [InlineData("net..core", false)]
    [InlineData("net.ipv4.conf/../../kernel/core_pattern", false)]
    [InlineData("netx", false)]
    [InlineData("kernel.msgmax\n", false)]
    public void Only_parameters_of_the_containers_own_namespaces_are_set(string name, bool own)
    {
        ResourceRequest asked = new() { Sysctls = new Dictionary<string, string> { [name] = "1" } };
        if (own)
            Assert.Equal("1", Made(asked).Spec.Linux.Sysctl![name.Replace('/', '.')]);
        else
            Assert.Contains("--sysctl:", Said(asked), StringComparison.Ordinal);
    }

    [Fact]
    public void A_parameter_of_the_network_is_the_hosts_with_the_hosts_network_and_none_is_the_sentrys()
    {
        ResourceRequest network = new() { Sysctls = new Dictionary<string, string> { ["net.core.somaxconn"] = "1" } };
        Assert.Contains("which this container shares", Assert.Single(Refusal(launch: Launch with { Resources = network, Network = NetworkMode.Host })).What, StringComparison.Ordinal);
        Assert.Contains("gvisor has kernel parameters of its own", Said(network, runtime: Runsc), StringComparison.Ordinal);
        Assert.Null(Translate(launch: Launch with { Resources = network, AllowUnenforced = new HashSet<string> { "sysctl" } }, runtime: Runsc).Spec.Linux.Sysctl);
    }

    [Theory]
    [InlineData("run.oci.handler")]
    [InlineData("RUN.OCI.keep_original_groups")]
    [InlineData("dev.gvisor.flag.network")]
    [InlineData("org.systemd.property.DeviceAllow")]
    [InlineData("io.kubernetes.cri.container-type")]
    [InlineData("org.criu.config")]
    [InlineData("a\nb")]
    public void An_annotation_that_is_an_order_to_a_runtime_is_refused(string key) =>
        Assert.Contains("--annotation:", Said(new ResourceRequest { Annotations = new Dictionary<string, string> { [key] = "1" } }), StringComparison.Ordinal);

    [Fact]
    public void An_annotation_and_a_mask_stand_in_the_spec()
    {
        ResourceRequest asked = new ResourceOptions { Annotations = ["org.example.a=b=c"], Umask = "0077" }.Read();
        Assert.Equal("b=c", Made(asked).Spec.Annotations!["org.example.a"]);
        Assert.Equal(63u, Made(asked).Spec.Process.User.Umask);
        Assert.Contains("\"umask\":63", Text(Made(asked).Spec), StringComparison.Ordinal);
        Assert.Contains("--umask: gvisor gives every process the mask 0022", Said(asked, runtime: Runsc), StringComparison.Ordinal);
        Assert.Equal(18u, Made(new ResourceOptions { Umask = "022" }.Read(), runtime: Runsc).Spec.Process.User.Umask);
        foreach (ResourceOptions bad in new ResourceOptions[] { new() { Umask = "8" }, new() { Umask = "" }, new() { Umask = "01777" }, new() { Annotations = ["x"] }, new() { Sysctls = ["=1"] },
            new() { ShmSize = "-1" }, new() { MemorySwap = "-2" }, new() { MemoryReservation = "x" } })
        {
            Assert.Throws<ConfigException>(bad.Read);
        }
    }

    private static ResourceRequest Limits(params string[] texts) => new ResourceOptions { Ulimits = texts }.Read();

    private static TranslationResult Made(ResourceRequest asked, HostFacts? host = null, RuntimeTraits? runtime = null) =>
        Translate(launch: Launch with { Resources = asked }, host: host, runtime: runtime);

    private static IReadOnlyList<Problem> Refused(ResourceRequest asked, HostFacts? host = null, RuntimeTraits? runtime = null) =>
        Refusal(launch: Launch with { Resources = asked }, host: host, runtime: runtime);

    private static string Said(ResourceRequest asked, HostFacts? host = null, RuntimeTraits? runtime = null) => string.Join('\n', Refused(asked, host, runtime));

    private static string Text(RuntimeSpec spec) => System.Text.Encoding.UTF8.GetString(SpecJson.Serialize(spec).Span);
}
