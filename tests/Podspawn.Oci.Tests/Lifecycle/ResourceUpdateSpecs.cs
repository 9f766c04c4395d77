using System.Text;
using Podspawn.Oci.Host;
using Podspawn.Oci.Lifecycle.Updating;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation.Requests;
using static Podspawn.Oci.Tests.TestFacts;

namespace Podspawn.Oci.Tests.Lifecycle;

/// <summary>New limits for an existing container.</summary>
public sealed class ResourceUpdateSpecs
{
    [Fact]
    public void What_is_not_named_stays()
    {
        ResourceUpdate update = Update(new UpdateRequest { PidsLimit = 50 });
        LinuxResources before = Launched(Runc).Linux.Resources!, after = update.Spec.Linux.Resources!;
        Assert.Equal(new PidsLimits(50), after.Pids);
        Assert.Equal((before.Memory, before.Cpu), (after.Memory, after.Cpu));
        Assert.Equal("""{"pids":{"limit":50}}""", Encoding.UTF8.GetString(SpecJson.Serialize(update.Change).Span));
        Assert.Empty(update.Notes);
    }

    [Fact]
    public void The_rest_of_config_json_stays()
    {
        RuntimeSpec before = Launched(Runc), after = Update(new UpdateRequest { PidsLimit = 50, Memory = "64m", Cpus = "0.5" }).Spec;
        RuntimeSpec undone = after with
        {
            Process = after.Process with { Rlimits = before.Process.Rlimits },
            Linux = after.Linux with { Resources = before.Linux.Resources },
        };
        Assert.Equal(SpecJson.SerializeIndented(before), SpecJson.SerializeIndented(undone));
        Assert.Equal(before.Linux.Resources!.Devices, after.Linux.Resources!.Devices);
    }

    [Fact]
    public void A_size_of_memory_takes_the_swap_with_it()
    {
        ResourceUpdate update = Update(new UpdateRequest { Memory = "64m" });
        Assert.Equal(new MemoryLimits(64 << 20, 128 << 20), update.Spec.Linux.Resources!.Memory);
        Assert.Equal(new MemoryLimits(64 << 20, 128 << 20), update.Change.Memory);
    }

    [Fact]
    public void Processors_become_a_quota() => Assert.Equal(new CpuLimits(50_000, 100_000), Update(new UpdateRequest { Cpus = "0.5" }).Change.Cpu);

    [Fact]
    public void No_limit_is_said_to_the_cgroup_and_left_out_of_config_json()
    {
        ResourceUpdate update = Update(new UpdateRequest { Memory = "0", Cpus = "0" });
        Assert.Null(update.Spec.Linux.Resources!.Memory);
        Assert.Null(update.Spec.Linux.Resources!.Cpu);
        Assert.Equal(new MemoryLimits(-1, -1), update.Change.Memory);
        Assert.Equal(new CpuLimits(-1, 100_000), update.Change.Cpu);
    }

    [Fact]
    public void No_limit_on_processors_is_one_beyond_any_machine_to_a_runtime_that_does_not_know_unlimited()
    {
        ResourceUpdate update = Update(new UpdateRequest { Cpus = "0" }, Crun);
        Assert.Equal(new CpuLimits(10_000_000_000, 100_000), update.Change.Cpu);
        Assert.Equal(update.Change.Cpu, update.Spec.Linux.Resources!.Cpu);
    }

    [Fact]
    public void What_was_there_is_known_in_case_the_runtime_fails_half_way()
    {
        LinuxResources before = Launched(Runc).Linux.Resources!;
        ResourceUpdate update = Update(new UpdateRequest { PidsLimit = 50, Memory = "64m" });
        Assert.Equal((before.Pids, before.Memory, null), (update.Undo.Pids, update.Undo.Memory, update.Undo.Cpu));
        ResourceUpdate back = ResourceUpdate.Of(Update(new UpdateRequest { Memory = "0", Cpus = "0" }).Spec, "box", new UpdateRequest { Memory = "64m", Cpus = "1" },
            UnifiedHost, Runc);
        Assert.Equal((new MemoryLimits(-1, -1), new CpuLimits(-1, 100_000)), (back.Undo.Memory, back.Undo.Cpu));
    }

    [Fact]
    public void Swap_is_left_alone_where_the_host_does_not_count_it()
    {
        HostFacts host = UnifiedHost with { SwapAccounting = false };
        Assert.Equal(new MemoryLimits(-1), Update(new UpdateRequest { Memory = "0" }, Runc, host).Change.Memory);
        Assert.Equal(new MemoryLimits(64 << 20), Update(new UpdateRequest { Memory = "64m" }, Runc, host).Change.Memory);
    }

    [Fact]
    public void Unlimited_processes_are_the_kernels_most_to_a_runtime_that_does_not_know_unlimited()
    {
        ResourceUpdate runc = Update(new UpdateRequest { PidsLimit = -1 }), crun = Update(new UpdateRequest { PidsLimit = -1 }, Crun);
        Assert.Equal(new PidsLimits(-1), runc.Change.Pids);
        Assert.Equal(new PidsLimits(4194304), crun.Change.Pids);
        Assert.Null(crun.Spec.Linux.Resources!.Pids);
        Assert.Contains(runc.Notes, note => note.Severity == NoteSeverity.Warning && note.Text.StartsWith("unlimited:", StringComparison.Ordinal));
    }

    [Fact]
    public void The_sentrys_own_limit_and_its_backstop_change_together()
    {
        ResourceUpdate update = Update(new UpdateRequest { PidsLimit = 50 }, Runsc);
        Assert.Equal(new Rlimit("RLIMIT_NPROC", 50, 50), Assert.Single(update.Spec.Process.Rlimits!, limit => limit.Type == "RLIMIT_NPROC"));
        Assert.Single(update.Spec.Process.Rlimits!, limit => limit.Type == "RLIMIT_NOFILE");
        Assert.True(update.Spec.Linux.Resources!.Pids!.Limit > 50);
        Assert.DoesNotContain(Update(new UpdateRequest { PidsLimit = -1 }, Runsc).Spec.Process.Rlimits!, limit => limit.Type == "RLIMIT_NPROC");
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(4194305)]
    public void A_number_of_processes_that_no_launch_would_take_is_refused(long limit)
    {
        Exception refusal = Assert.ThrowsAny<Exception>(() => Update(new UpdateRequest { PidsLimit = limit }));
        Assert.Contains("--pids-limit: security.pids_limit", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1m")]
    [InlineData("many")]
    public void A_size_that_no_launch_would_take_is_refused(string size) =>
        Assert.Contains("--memory", Assert.ThrowsAny<Exception>(() => Update(new UpdateRequest { Memory = size })).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("0.001")]
    [InlineData("200000")]
    public void Processors_that_no_launch_would_take_are_refused(string cpus) =>
        Assert.Contains("--cpus", Assert.ThrowsAny<Exception>(() => Update(new UpdateRequest { Cpus = cpus })).Message, StringComparison.Ordinal);

    private static ResourceUpdate Update(UpdateRequest wish, RuntimeTraits? runtime = null, HostFacts? host = null) =>
        ResourceUpdate.Of(Launched(runtime ?? Runc), "box", wish, host ?? UnifiedHost, runtime ?? Runc);

    private static RuntimeSpec Launched(RuntimeTraits runtime) => Translate(runtime: runtime).Spec;
}
