using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Configuration;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Seccomp;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation;
using Podspawn.Oci.Translation.Requests;
using static Podspawn.Oci.Tests.TestFacts;

namespace Podspawn.Oci.Tests.Translation;

/// <summary>Privileges, seccomp, masked and read-only paths, namespaces, the runtime's name.</summary>
public sealed class HardeningSpecs
{
    [Theory]
    [InlineData(true, false, true)]
    [InlineData(false, true, true)]
    [InlineData(false, false, false)]
    public void No_new_privileges_holds_when_the_config_or_the_bundle_says_so(bool config, bool bundle, bool expected)
    {
        TranslationResult result = Translate(
            new SecurityConfig { NoNewPrivileges = config }, launch: Launch with { BundleNoNewPrivileges = bundle });
        Assert.Equal(expected, result.Spec.Process.NoNewPrivileges);
        Assert.Equal(expected ? 0 : 1, result.NotesOn("security.no_new_privileges", NoteSeverity.Warning).Count());
    }

    [Fact]
    public void The_default_filter_depends_on_what_is_granted_after_the_bundles_ceiling()
    {
        LaunchRequest launch = Launch with { CapabilityCeiling = CapabilitySet.Of(Capability.Chown) };
        LinuxSeccomp expected = DefaultSeccompProfile.Instance.Resolve(CapabilitySet.Of(Capability.Chown), UnifiedHost.Architecture, UnifiedHost.Kernel);
        Assert.Equal(Json(expected with { Flags = [] }), Json(Translate(launch: launch).Spec.Linux.Seccomp!));
    }

    [Fact]
    public void A_profile_of_the_users_own_is_resolved_for_the_granted_set()
    {
        RecordingProfile profile = new();
        LaunchRequest launch = Launch with { SeccompProfile = profile };
        SecurityConfig security = new() { Seccomp = "/etc/profile.json", CapAdd = ["KILL"] };
        Assert.Equal("SCMP_ACT_LOG", Translate(security, launch: launch).Spec.Linux.Seccomp!.DefaultAction);
        Assert.Equal(CapabilitySet.Of(Capability.Kill), profile.Bounding);
    }

    [Fact]
    public void A_profile_that_was_not_read_is_a_fault_of_the_caller() =>
        Assert.Throws<ArgumentException>(() => Translate(new SecurityConfig { Seccomp = "/etc/profile.json" }));

    [Fact]
    public void Unconfined_is_no_filter_and_a_warning()
    {
        TranslationResult result = Translate(new SecurityConfig { Seccomp = "unconfined" });
        Assert.Null(result.Spec.Linux.Seccomp);
        Assert.Single(result.NotesOn("security.seccomp", NoteSeverity.Warning));
        Assert.Equal(Enforcer.Nobody, result.Field("security.seccomp").EnforcedBy);
    }

    [Fact]
    public void The_sentry_applies_the_filter_and_a_note_tells_what_differs()
    {
        TranslationResult result = Translate(runtime: Runsc);
        Assert.Equal("SCMP_ACT_ERRNO", result.Spec.Linux.Seccomp!.DefaultAction);
        Assert.Contains(result.NotesOn("security.seccomp", NoteSeverity.Differently), note => note.Text.Contains("exec brings in", StringComparison.Ordinal));
        Assert.Equal(Enforcer.Sentry, result.Field("security.seccomp").EnforcedBy);
        Assert.Equal(["/linux/seccomp"], result.Field("security.seccomp").SpecPaths);
        TranslationResult newer = Translate(runtime: Runsc with { FiltersExecutedProcesses = true });
        Assert.DoesNotContain(newer.NotesOn("security.seccomp", NoteSeverity.Differently), note => note.Text.Contains("exec brings in", StringComparison.Ordinal));
    }

    // The host's kernel is not involved.
    [Fact]
    public void The_sentry_needs_no_filters_of_the_hosts_kernel() =>
        Assert.NotNull(Translate(runtime: Runsc, host: UnifiedHost with { SeccompFilter = false }).Spec.Linux.Seccomp);

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void Unconfined_under_the_sentry_says_what_it_opens(bool namespacesNeedPrivilege, bool told)
    {
        TranslationResult result = Translate(
            new SecurityConfig { Seccomp = "unconfined" }, runtime: Runsc with { UserNamespacesNeedPrivilege = namespacesNeedPrivilege });
        Assert.Null(result.Spec.Linux.Seccomp);
        Note note = Assert.Single(result.NotesOn("security.seccomp", NoteSeverity.Warning));
        Assert.Equal(told, note.Text.Contains("pids_limit does not hold", StringComparison.Ordinal));
        Assert.Equal(Enforcer.Nobody, result.Field("security.seccomp").EnforcedBy);
    }

    [Fact]
    public void A_profile_that_the_sentry_would_weaken_is_a_problem_unless_let_go()
    {
        SeccompArgument[] both = [new(0, 3, null, "SCMP_CMP_GE"), new(0, 9, null, "SCMP_CMP_LE")];
        LinuxSeccomp filter = new() { DefaultAction = "SCMP_ACT_ERRNO", Syscalls = [new SeccompRule(["socket"], "SCMP_ACT_ALLOW", Args: both)] };
        LaunchRequest launch = Launch with { SeccompProfile = new FixedProfile(filter) };
        SecurityConfig security = new() { Seccomp = "/etc/profile.json" };
        Assert.Equal("security.seccomp", Assert.Single(Refusal(security, launch: launch, runtime: Runsc)).Key);
        Assert.NotNull(Translate(security, launch: launch).Spec.Linux.Seccomp);
        TranslationResult result = Translate(security, launch: launch with { AllowUnenforced = new HashSet<string> { "seccomp" } }, runtime: Runsc);
        Assert.NotNull(result.Spec.Linux.Seccomp);
        Assert.Equal(Enforcement.Unenforced, result.Field("security.seccomp").Enforcement);
    }

    // Without the list runc and crun switch a mitigation off (SECCOMP_FILTER_FLAG_SPEC_ALLOW).
    [Fact]
    public void The_filters_flags_are_written_even_when_there_are_none()
    {
        Assert.Equal([], Translate().Spec.Linux.Seccomp!.Flags);
        string[] wanted = ["SECCOMP_FILTER_FLAG_LOG"];
        FixedProfile profile = new(new LinuxSeccomp { DefaultAction = "SCMP_ACT_ERRNO", Flags = wanted, Syscalls = [] });
        Assert.Equal(wanted, Translate(new SecurityConfig { Seccomp = "/p.json" }, launch: Launch with { SeccompProfile = profile }).Spec.Linux.Seccomp!.Flags);
        Assert.Contains("\"flags\":[]", System.Text.Encoding.UTF8.GetString(SpecJson.Serialize(Translate().Spec).Span), StringComparison.Ordinal);
    }

    [Fact]
    public void A_kernel_without_filters_is_a_problem_unless_let_go()
    {
        HostFacts host = UnifiedHost with { SeccompFilter = false };
        Assert.Equal("security.seccomp", Assert.Single(Refusal(host: host)).Key);
        LaunchRequest launch = Launch with { AllowUnenforced = new HashSet<string> { "seccomp" } };
        TranslationResult result = Translate(host: host, launch: launch);
        Assert.Null(result.Spec.Linux.Seccomp);
        Assert.Equal(Enforcement.Unenforced, result.Field("security.seccomp").Enforcement);
    }

    [Theory]
    [InlineData("", "write")]
    [InlineData("unconfind", "did you mean unconfined?")]
    [InlineData("Default", "did you mean default?")]
    [InlineData("/etc/a\nb.json", "write")]
    public void A_seccomp_value_of_no_shape_is_refused(string seccomp, string mend)
    {
        Problem problem = Assert.Single(Refusal(new SecurityConfig { Seccomp = seccomp }));
        Assert.Equal("security.seccomp", problem.Key);
        Assert.StartsWith(mend, problem.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Privileges_that_can_be_gained_again_are_told_by_release()
    {
        SecurityConfig off = new() { NoNewPrivileges = false };
        const string key = "security.no_new_privileges";
        Assert.Single(Translate(off, runtime: Runsc).NotesOn(key, NoteSeverity.Info));
        Assert.Single(Translate(off, runtime: NewRunsc).NotesOn(key, NoteSeverity.Warning));
        foreach ((string version, int notes) in new[] { ("20240311.0", 0), ("0.0~20240729.0", 1), ("20250811.0", 1), ("20250820.0", 0) })
            Assert.Equal(notes, Translate(new SecurityConfig { NoNewPrivileges = true }, runtime: TraitsOf("runsc", version)).NotesOn(key, NoteSeverity.Differently).Count());
    }

    [Fact]
    public void A_readonly_path_with_mounts_in_it_is_left_out_where_it_would_open_them()
    {
        SecurityConfig security = new() { ReadonlyPaths = ["/sys"] };
        foreach (string version in new[] { "1.8.1", "1.29.1" })
            Assert.Equal("security.readonly_paths", Assert.Single(Refusal(security, runtime: TraitsOf("crun", version))).Key);
        Assert.Equal(["/sys"], Translate(security, runtime: TraitsOf("runc", "1.5.1")).Spec.Linux.ReadonlyPaths);
    }

    [Fact]
    public void Dockers_paths_are_masked_with_the_hosts_thermal_ones()
    {
        string thermal = "/sys/devices/system/cpu/cpu0/thermal_throttle";
        RuntimeSpec spec = Translate(host: UnifiedHost with { ThermalThrottlePaths = [thermal] }).Spec;
        Assert.Equal(
            [
                "/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/sched_debug",
                "/proc/scsi", "/proc/timer_list", "/proc/timer_stats", "/sys/devices/virtual/powercap", "/sys/firmware", thermal,
            ],
            spec.Linux.MaskedPaths);
        Assert.Equal(["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"], spec.Linux.ReadonlyPaths);
    }

    [Fact]
    public void The_configs_own_lists_replace_dockers()
    {
        RuntimeSpec spec = Translate(new SecurityConfig { MaskedPaths = ["/a", "/b", "/a"], ReadonlyPaths = ["/c"] }).Spec;
        Assert.Equal(["/a", "/b"], spec.Linux.MaskedPaths);
        Assert.Equal(["/c"], spec.Linux.ReadonlyPaths);
    }

    [Fact]
    public void Empty_lists_are_warned_of()
    {
        TranslationResult result = Translate(new SecurityConfig { MaskedPaths = [], ReadonlyPaths = [] });
        Assert.Empty(result.Spec.Linux.MaskedPaths!);
        Assert.Single(result.NotesOn("security.masked_paths", NoteSeverity.Warning));
        Assert.Single(result.NotesOn("security.readonly_paths", NoteSeverity.Warning));
    }

    [Theory]
    [InlineData("relative")]
    [InlineData("/a/../b")]
    [InlineData("/")]
    [InlineData("/a\tb")]
    public void A_path_of_no_shape_is_refused_in_either_list(string path)
    {
        SecurityConfig security = new() { MaskedPaths = ["/good", path], ReadonlyPaths = [path] };
        Assert.Equal(["security.masked_paths[1]", "security.readonly_paths[0]"], Refusal(security).Select(problem => problem.Key));
    }

    [Theory]
    [InlineData("/proc/kcore\u200b", "U+200B")]
    [InlineData("/proc/\u00a0kcore", "U+00A0")]
    [InlineData("/proc/kcore\ufe0f", "U+FE0F")]
    [InlineData("/proc/\u202ekcore", "U+202E")]
    [InlineData("/proc/kcore\U000e0041", "U+E0041")]
    public void A_path_that_only_looks_like_the_one_that_is_meant_is_refused(string path, string name)
    {
        SecurityConfig security = new() { MaskedPaths = [path], ReadonlyPaths = [path], Tmpfs = [new("/run\u200d", "size=1m")] };
        IReadOnlyList<Problem> problems = Refusal(security);
        Assert.Equal(["security.tmpfs./run\u200d", "security.masked_paths[0]", "security.readonly_paths[0]"], problems.Select(problem => problem.Key));
        Assert.All(problems.Skip(1), problem => Assert.Contains(name, problem.What, StringComparison.Ordinal));
    }

    [Fact]
    public void Under_the_sentry_dockers_lists_are_told_of_and_other_paths_are_a_problem()
    {
        TranslationResult result = Translate(runtime: Runsc);
        Assert.Equal(Enforcement.Differently, result.Field("security.masked_paths").Enforcement);
        Assert.Equal(Enforcement.Differently, result.Field("security.readonly_paths").Enforcement);

        SecurityConfig security = new() { MaskedPaths = ["/proc/keys", "/srv/secret"], ReadonlyPaths = ["/etc"] };
        Assert.Equal(["security.masked_paths", "security.readonly_paths"], Refusal(security, runtime: Runsc).Select(problem => problem.Key));
        LaunchRequest launch = Launch with { AllowUnenforced = new HashSet<string> { "masked_paths", "readonly_paths" } };
        Assert.Equal(Enforcement.Unenforced, Translate(security, launch: launch, runtime: Runsc).Field("security.masked_paths").Enforcement);
    }

    [Theory]
    [InlineData("/sys")]
    [InlineData("/sys/fs/cgroup")]
    [InlineData("/data")]
    public void A_readonly_path_that_would_reopen_a_mount_is_a_problem_and_never_in_the_spec(string path)
    {
        SecurityConfig security = new() { ReadonlyPaths = ["/etc", path] };
        LaunchRequest launch = Launch with { Volumes = [new VolumeMount("/host", "/data", ReadOnly: true)] };
        Assert.Equal(["/etc", path], Translate(security, launch: launch).Spec.Linux.ReadonlyPaths);
        Assert.Equal("security.readonly_paths", Assert.Single(Refusal(security, launch: launch, runtime: Crun)).Key);

        LaunchRequest letGo = launch with { AllowUnenforced = new HashSet<string> { "readonly_paths" } };
        TranslationResult result = Translate(security, launch: letGo, runtime: Crun);
        Assert.Equal(["/etc"], result.Spec.Linux.ReadonlyPaths);
        Assert.Equal(Enforcement.Unenforced, result.Field("security.readonly_paths").Enforcement);
    }

    [Fact]
    public void Every_namespace_is_private_but_a_network_shared_on_purpose()
    {
        Assert.Equal(["pid", "ipc", "uts", "mount", "network", "cgroup"], Types(Translate()));
        TranslationResult shared = Translate(launch: Launch with { Network = NetworkMode.Host });
        Assert.Equal(["pid", "ipc", "uts", "mount", "cgroup"], Types(shared));
        Assert.Null(shared.Spec.Linux.Sysctl);
        Assert.Equal(["pid", "ipc", "uts", "mount", "network"], Types(Translate(host: UnifiedHost with { Kernel = new Version(4, 5) })));
    }

    [Fact]
    public void A_private_network_lets_everyone_ping_and_nobody_bind_low_ports()
    {
        KeyValuePair<string, string> sysctl = Assert.Single(Translate().Spec.Linux.Sysctl!);
        Assert.Equal(("net.ipv4.ping_group_range", "0 2147483647"), (sysctl.Key, sysctl.Value));
    }

    [Theory]
    [InlineData("")]
    [InlineData("runc")]
    [InlineData("io.containerd.runsc.v1")]
    [InlineData("/usr/local/bin/runsc")]
    public void A_runtime_of_good_shape_is_taken(string name) =>
        Assert.Empty(Translator.Validate(Config(new SecurityConfig { Runtime = name }), UnifiedHost));

    [Theory]
    [InlineData("-v")]
    [InlineData("./runc")]
    [InlineData("bin/runc")]
    [InlineData("..")]
    [InlineData("run c")]
    [InlineData("runc\n")]
    [InlineData("/usr/bin/../runc")]
    [InlineData("/")]
    [InlineData(" ")]
    public void A_runtime_of_bad_shape_is_refused(string name) =>
        Assert.Equal("security.runtime", Assert.Single(Translator.Validate(Config(new SecurityConfig { Runtime = name }), UnifiedHost)).Key);

    private static IEnumerable<string> Types(TranslationResult result) => result.Spec.Linux.Namespaces.Select(space => space.Type);

    private static string Json(LinuxSeccomp seccomp) => System.Text.Json.JsonSerializer.Serialize(seccomp);

    private sealed class FixedProfile(LinuxSeccomp filter) : SeccompProfile
    {
        public override LinuxSeccomp Resolve(CapabilitySet bounding, CpuArchitecture architecture, Version kernel) => filter;
    }

    private sealed class RecordingProfile : SeccompProfile
    {
        public CapabilitySet Bounding { get; private set; }

        public override LinuxSeccomp Resolve(CapabilitySet bounding, CpuArchitecture architecture, Version kernel)
        {
            Bounding = bounding;
            return new LinuxSeccomp { DefaultAction = "SCMP_ACT_LOG", Syscalls = [] };
        }
    }
}
