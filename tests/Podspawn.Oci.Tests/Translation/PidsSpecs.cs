using Podspawn.Oci.Configuration;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation;
using Podspawn.Oci.Translation.Requests;
using static Podspawn.Oci.Tests.TestFacts;

namespace Podspawn.Oci.Tests.Translation;

public sealed class PidsSpecs
{
    private const string Key = "security.pids_limit";

    [Theory]
    [InlineData(1)]
    [InlineData(256)]
    [InlineData(4194304)]
    public void The_hosts_kernel_counts_by_the_cgroup(long limit)
    {
        RuntimeSpec spec = Translate(new SecurityConfig { PidsLimit = limit }).Spec;
        Assert.Equal(limit, spec.Linux.Resources!.Pids!.Limit);
        Assert.DoesNotContain(spec.Process.Rlimits!, rlimit => rlimit.Type == "RLIMIT_NPROC");
    }

    [Theory]
    [InlineData(0, "runc")]
    [InlineData(-1, "runc")]
    [InlineData(0, "runsc")]
    [InlineData(-1, "runsc")]
    public void Unlimited_is_minus_one_with_a_warning(long limit, string runtime)
    {
        TranslationResult result = Translate(new SecurityConfig { PidsLimit = limit }, runtime: runtime == "runc" ? Runc : Runsc);
        Assert.Equal(-1, result.Spec.Linux.Resources!.Pids!.Limit);
        Assert.DoesNotContain(result.Spec.Process.Rlimits!, rlimit => rlimit.Type == "RLIMIT_NPROC");
        Assert.Single(result.NotesOn(Key, NoteSeverity.Warning));
        Assert.Equal(Enforcer.Nobody, result.Field(Key).EnforcedBy);
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(long.MinValue)]
    [InlineData(4194305)]
    [InlineData(long.MaxValue)]
    public void What_is_no_limit_or_beyond_the_kernels_is_a_problem_under_every_runtime(long limit)
    {
        SecurityConfig security = new() { PidsLimit = limit };
        Assert.Equal(Key, Assert.Single(Refusal(security)).Key);
        Assert.Equal(Key, Assert.Single(Refusal(security, runtime: Runsc)).Key);
        Assert.Equal(Key, Assert.Single(Translator.Validate(Config(security), UnifiedHost)).Key);
    }

    [Theory]
    [InlineData(32)]
    [InlineData(128)]
    [InlineData(256)]
    public void The_sentry_counts_by_rlimit_and_the_cgroup_backs_it_up(long limit)
    {
        TranslationResult result = Translate(new SecurityConfig { PidsLimit = limit }, runtime: Runsc);
        Assert.Equal(
            new Rlimit("RLIMIT_NPROC", (ulong)limit, (ulong)limit),
            Assert.Single(result.Spec.Process.Rlimits!, rlimit => rlimit.Type == "RLIMIT_NPROC"));
        long backstop = result.Spec.Linux.Resources!.Pids!.Limit;
        string note = Assert.Single(result.NotesOn(Key, NoteSeverity.Differently)).Text;
        Assert.Contains($"{limit} processes", note, StringComparison.Ordinal);
        Assert.Contains($"{backstop} tasks", note, StringComparison.Ordinal);
        Assert.Equal(Enforcement.Differently, result.Field(Key).Enforcement);
        Assert.Equal(Enforcer.Sentry, result.Field(Key).EnforcedBy);
        Assert.Equal(["/linux/resources/pids/limit", "/process/rlimits/1"], result.Field(Key).SpecPaths);
    }

    [Theory] // measured host tasks of sandboxes with busy processes
    [InlineData(50, 846)]
    [InlineData(100, 5209)]
    [InlineData(200, 15425)]
    public void The_backstop_leaves_room_for_busy_processes(long limit, long seen) =>
        Assert.True(PidsRules.Backstop(limit, UnifiedHost, Runsc) > seen * 2);

    [Fact]
    public void The_backstop_leaves_a_quarter_of_the_hosts_tasks_to_the_host() =>
        Assert.Equal(24576, PidsRules.Backstop(256, UnifiedHost with { TasksMax = 32768 }, Runsc));

    [Theory]
    [InlineData(1)]
    [InlineData(4194304)]
    public void The_backstop_is_never_below_the_limit_nor_above_the_kernels_largest(long limit) =>
        Assert.InRange(PidsRules.Backstop(limit, UnifiedHost with { TasksMax = 1000 }, Runsc), limit, PidsRules.KernelMaximum);

    [Theory] // measured host tasks of sandboxes on two processors with the systrap platform
    [InlineData(10, 45)]
    [InlineData(50, 163)]
    [InlineData(100, 227)]
    [InlineData(200, 432)]
    public void The_backstop_of_newer_releases_is_nearer_and_leaves_room_all_the_same(long limit, long seen)
    {
        HostFacts host = UnifiedHost with { Processors = 2 };
        Assert.InRange(PidsRules.Backstop(limit, host, NewRunsc), (seen * 3 / 2) + 1, limit * 20);
        Assert.True(PidsRules.Backstop(limit, host, NewRunsc) < PidsRules.Backstop(limit, host, Runsc));
    }

    public static TheoryData<string, string> Beyond => new()
    {
        { "SYS_RESOURCE", "0.0~20221219.0" }, { "SYS_ADMIN", "0.0~20221219.0" }, { "ALL", "0.0~20221219.0" },
        // There a tracer gets past the filter, and into a user namespace that has both capabilities.
        { "SYS_PTRACE", "0.0~20221219.0" },
        { "SYS_RESOURCE", "release-20260817.0" }, { "SYS_ADMIN", "release-20260817.0" }, { "ALL", "release-20260817.0" },
    };

    [Theory]
    [MemberData(nameof(Beyond))]
    public void A_capability_that_lifts_the_limit_under_the_sentry_is_a_problem_unless_let_go(string capability, string version)
    {
        SecurityConfig security = new() { CapAdd = [capability] };
        RuntimeTraits runtime = TraitsOf("runsc", version);
        Problem problem = Assert.Single(Refusal(security, runtime: runtime));
        Assert.Equal(Key, problem.Key);
        Assert.Contains(capability == "ALL" ? "SYS_ADMIN and SYS_RESOURCE" : capability, problem.What, StringComparison.Ordinal);
        Assert.Contains("--allow-unenforced pids_limit", problem.Hint, StringComparison.Ordinal);

        TranslationResult waived = Translate(security, launch: Launch with { AllowUnenforced = new HashSet<string> { "pids_limit" } }, runtime: runtime);
        Assert.Equal(Enforcement.Unenforced, waived.Field(Key).Enforcement);
        Assert.Contains(waived.Spec.Process.Rlimits!, rlimit => rlimit.Type == "RLIMIT_NPROC");

        Assert.Equal(Enforcement.Enforced, Translate(security).Field(Key).Enforcement);
        Assert.Single(Translate(security with { PidsLimit = -1 }, runtime: runtime).NotesOn(Key, NoteSeverity.Warning));
    }

    [Fact]
    public void A_tracer_lifts_no_limit_where_user_namespaces_lift_none() =>
        Assert.Equal(Enforcement.Differently, Translate(new SecurityConfig { CapAdd = ["SYS_PTRACE"] }, runtime: NewRunsc).Field(Key).Enforcement);

    [Fact]
    public void Without_the_controller_it_is_a_problem_that_names_the_override()
    {
        Problem problem = Assert.Single(Refusal(host: UnifiedHost.WithoutControllers("pids")));
        Assert.Equal(Key, problem.Key);
        Assert.Contains("--allow-unenforced pids_limit", problem.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_controller_and_with_the_override_it_is_left_out_and_told()
    {
        LaunchRequest launch = Launch with { AllowUnenforced = new HashSet<string> { "pids_limit" } };
        TranslationResult result = Translate(launch: launch, host: UnifiedHost.WithoutControllers("pids"));
        Assert.Null(result.Spec.Linux.Resources!.Pids);
        Assert.Equal(Enforcement.Unenforced, result.Field(Key).Enforcement);
        Assert.Equal(Enforcer.Nobody, result.Field(Key).EnforcedBy);
        Assert.Single(result.NotesOn(Key, NoteSeverity.Warning));
    }

    [Fact]
    public void The_sentry_enforces_it_without_the_controller()
    {
        TranslationResult result = Translate(host: UnifiedHost.WithoutControllers("pids"), runtime: Runsc);
        Assert.Null(result.Spec.Linux.Resources!.Pids);
        Assert.Contains(result.Spec.Process.Rlimits!, rlimit => rlimit is { Type: "RLIMIT_NPROC", Hard: 256 });
    }

    [Fact]
    public void The_override_for_another_field_does_not_help()
    {
        LaunchRequest launch = Launch with { AllowUnenforced = new HashSet<string> { "memory" } };
        Assert.Equal(Key, Assert.Single(Refusal(launch: launch, host: UnifiedHost.WithoutControllers("pids"))).Key);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Unlimited_is_left_out_where_the_runtime_cannot_write_it(long limit) =>
        Assert.Null(TestFacts.Translate(new SecurityConfig { PidsLimit = limit }, runtime: TestFacts.Crun).Spec.Linux.Resources!.Pids);
}
