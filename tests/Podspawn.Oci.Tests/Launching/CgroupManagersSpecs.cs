using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Host.Probing;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.Lifecycle.Stats;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.Spec;
using Podspawn.Oci.State;
using Podspawn.Oci.Translation.Requests;
using static Podspawn.Oci.Tests.TestFacts;

namespace Podspawn.Oci.Tests.Launching;

/// <summary>The choice of the manager that creates a container's cgroup.</summary>
public sealed class CgroupManagersSpecs
{
    private static readonly HostFacts Booted = UnifiedHost with { WhyNoSystemdCgroups = null };

    [Fact]
    public void Systemd_is_chosen_where_it_is_to_be_had()
    {
        Assert.Equal(CgroupManager.Systemd, CgroupManagers.Choose(null, Booted, Runc));
        Assert.Equal(CgroupManager.Cgroupfs, CgroupManagers.Choose(null, UnifiedHost, Runc));
        Assert.Equal(CgroupManager.Cgroupfs, CgroupManagers.Choose(null, Booted, Runc with { SystemdCgroups = false }));
    }

    [Fact]
    public void What_is_asked_for_goes_before()
    {
        Assert.Equal(CgroupManager.Cgroupfs, CgroupManagers.Choose(CgroupManager.Cgroupfs, Booted, Runc));
        Assert.Equal(CgroupManager.Systemd, CgroupManagers.Choose(CgroupManager.Systemd, Booted, Crun));
    }

    [Fact]
    public void Systemd_where_it_is_not_is_refused_with_the_reason()
    {
        Assert.Contains("nobody has looked", Refusal(UnifiedHost, Runc), StringComparison.Ordinal);
        Assert.Contains("runsc 1 does not know how", Refusal(Booted, Runc with { Name = "runsc", Version = "1", SystemdCgroups = false }), StringComparison.Ordinal);
    }

    [Fact]
    public void Newer_gvisor_has_systemd_make_them_with_version_2()
    {
        Assert.Equal(CgroupManager.Systemd, CgroupManagers.Choose(null, Booted, NewRunsc));
        Assert.Equal(CgroupManager.Cgroupfs, CgroupManagers.Choose(null, Booted, Runsc));
        Assert.Contains("only with cgroup version 2", Refusal(HybridHost with { WhyNoSystemdCgroups = null }, NewRunsc), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CgroupLayout.Unified, true, true, null)]
    [InlineData(CgroupLayout.Unified, false, true, "not booted by systemd")]
    [InlineData(CgroupLayout.Hybrid, true, true, "version 2")]
    [InlineData(CgroupLayout.V1, true, true, "version 2")]
    [InlineData(CgroupLayout.Unified, true, false, "system bus")]
    public void Systemd_needs_to_run_with_version_2_and_a_bus(CgroupLayout layout, bool booted, bool bus, string? why)
    {
        string? found = SystemdProbe.WhyNot(layout, booted, bus);
        if (why is null)
            Assert.Null(found);
        else
            Assert.Contains(why, found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("systemd", CgroupManager.Systemd)]
    [InlineData("cgroupfs", CgroupManager.Cgroupfs)]
    public void The_flag_has_podmans_words(string? text, CgroupManager? manager) => Assert.Equal(manager, CgroupManagers.Parse(text));

    [Fact]
    public void Any_other_word_is_refused() =>
        Assert.Contains("'upstart' is none", Assert.Throws<ContainerException>(() => CgroupManagers.Parse("upstart")).Message, StringComparison.Ordinal);

    [Fact]
    public void The_spec_names_slice_prefix_and_name()
    {
        var paths = new ContainerPaths("c1", "/run/c1", "/data/c1") { Store = "0123456789ab" };
        RuntimeSpec spec = Translate(launch: Launch with { CgroupsPath = paths.SystemdCgroup, CgroupManager = CgroupManager.Systemd }).Spec;
        Assert.Equal("system.slice:podspawn-oci:c1-0123456789ab", spec.Linux.CgroupsPath);
        Assert.Equal("/system.slice/podspawn-oci-c1-0123456789ab.scope", paths.SystemdCgroup);
        Assert.Equal("/podspawn-oci/c1", Translate().Spec.Linux.CgroupsPath);
    }

    [Theory]
    [InlineData("/system.slice/podspawn-oci-1.scope", "/system.slice/podspawn-oci-1.scope/container")]
    [InlineData("/podspawn-oci-1", "/podspawn-oci-1")]
    [InlineData(null, null)]
    public void The_limits_may_be_below_the_scope(string? cgroup, string? limited)
    {
        Assert.Equal(limited, LimitedCgroup.Of(cgroup, Runc with { SystemdSubgroup = "container" }));
        Assert.Equal(cgroup, LimitedCgroup.Of(cgroup, Runc));
    }

    [Fact]
    public void The_runtime_is_told_before_every_verb()
    {
        RuntimeDriver driver = RuntimeDriver.For("/usr/bin/crun", new RuntimeVersion("crun", "1.8.1")).With([CgroupManagers.RuntimeFlag]);
        var call = new RuntimeCall("c1", "/r", "/l");
        foreach (IReadOnlyList<string> arguments in new[] { driver.Start(call, NetworkMode.None), driver.Delete(call), driver.Update(call, "/u"), driver.Pause(call),
            driver.Kill(call, 9) })
            Assert.Equal(["--root", "/r", "--log", "/l", "--log-format", "json", "--systemd-cgroup"], arguments.Take(7));
    }

    private static string Refusal(HostFacts host, RuntimeTraits runtime) =>
        Assert.Throws<ContainerException>(() => CgroupManagers.Choose(CgroupManager.Systemd, host, runtime)).Message;
}
