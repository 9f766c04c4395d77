using Podspawn.Oci.Errors;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Lifecycle.Systemd;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Tests.Lifecycle;

/// <summary>Builds the unit for a container.</summary>
public sealed class ServiceUnitSpecs
{
    [Fact]
    public void The_container_runs_in_the_foreground_of_the_service()
    {
        ServiceUnit unit = Unit();
        Assert.Equal("podspawn-oci-web.service", unit.FileName);
        Assert.Contains("\nType=exec\n", unit.Text, StringComparison.Ordinal);
        Assert.Equal("/usr/bin/podspawn-oci run --name web --rootfs r httpd -f", Setting(unit, "ExecStart"));
        Assert.Equal("-/usr/bin/podspawn-oci rm --force web", Setting(unit, "ExecStartPre"));
        Assert.Equal("-/usr/bin/podspawn-oci rm --force web", Setting(unit, "ExecStopPost"));
        Assert.Equal(("mixed", "yes", "multi-user.target default.target"), (Setting(unit, "KillMode"), Setting(unit, "Delegate"), Setting(unit, "WantedBy")));
        Assert.Equal(("/srv/a b", "podspawn-oci-web"), (Setting(unit, "WorkingDirectory"), Setting(unit, "SyslogIdentifier")));
    }

    [Theory]
    [InlineData("no", "on-failure", null, null)]
    [InlineData("always", "always", "0", null)]
    [InlineData("unless-stopped", "always", "0", null)]
    [InlineData("on-failure", "on-failure", "0", null)]
    [InlineData("on-failure:3", "on-failure", "40", "4")]
    public void The_restart_policy_becomes_systemds(string policy, string restart, string? interval, string? burst)
    {
        ServiceUnit unit = Unit(new LifecycleOptions { Restart = RestartPolicyText.Parse(policy) });
        Assert.Equal((restart, interval, burst), (Setting(unit, "Restart")!, Setting(unit, "StartLimitIntervalSec"), Setting(unit, "StartLimitBurst")));
    }

    [Theory]
    [InlineData(10, "10")]
    [InlineData(0, "1ms")]
    [InlineData(-1, "infinity")]
    public void The_stop_timeout_becomes_systemds(int seconds, string text)
    {
        Assert.Equal(text, Setting(Unit(new LifecycleOptions { StopTimeoutSeconds = seconds }), "TimeoutStopSec"));
        Assert.Equal(text, Setting(Unit(options: new ServiceOptions { StopTimeoutSeconds = seconds }), "TimeoutStopSec"));
    }

    [Fact]
    public void The_stop_signal_becomes_systemds_and_is_no_failure()
    {
        Assert.Equal((null, "143"), (Setting(Unit(), "KillSignal"), Setting(Unit(), "SuccessExitStatus")));
        ServiceUnit quit = Unit(new LifecycleOptions { StopSignal = 3 });
        Assert.Equal(("3", "131"), (Setting(quit, "KillSignal"), Setting(quit, "SuccessExitStatus")));
    }

    [Fact]
    public void What_is_asked_for_goes_before_what_the_container_says()
    {
        ServiceUnit unit = Unit(
            new LifecycleOptions { Restart = new RestartPolicy(RestartCondition.Always) },
            new ServiceOptions { RestartPolicy = "on-abort", Wants = ["a.service"], After = ["b.service", "c.mount"], Requires = ["d@1.service"] });
        Assert.Equal(("on-abort", null), (Setting(unit, "Restart")!, Setting(unit, "StartLimitIntervalSec")));
        Assert.Equal("network-online.target a.service", Setting(unit, "Wants"));
        Assert.Equal("network-online.target b.service c.mount", Setting(unit, "After"));
        Assert.Equal("d@1.service", Setting(unit, "Requires"));
    }

    [Theory]
    [InlineData("sometimes", "a.service", "--restart-policy")]
    [InlineData("no", "a b.service", "--wants")]
    [InlineData("no", "a\nExecStart=x.service", "--wants")]
    [InlineData("no", "service", "--wants")]
    [InlineData("no", "%i.service", "--wants")]
    [InlineData("no", "", "--wants")]
    public void What_systemd_would_not_understand_is_refused(string policy, string unit, string flag) =>
        Assert.StartsWith(
            flag,
            Assert.Throws<ContainerException>(() => Unit(options: new ServiceOptions { RestartPolicy = policy, Wants = [unit] })).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("/srv/new\nline")]
    [InlineData("/srv/end\\")]
    public void A_directory_that_a_unit_cannot_name_is_refused(string directory) =>
        Assert.Contains("directory", Assert.Throws<ContainerException>(() => Unit(directory: directory)).Message, StringComparison.Ordinal);

    private static ServiceUnit Unit(LifecycleOptions? keep = null, ServiceOptions? options = null, string directory = "/srv/a b") => ServiceUnit.Of(
        new Container(
            new StateLayout("/nonexistent", "/nonexistent").Of("1"),
            new ContainerDefinition
            {
                Id = "1",
                Name = "web",
                Created = DateTimeOffset.UnixEpoch,
                RootDirectory = "/r",
                Command = ["httpd"],
                HostName = "web",
                Runtime = new RuntimeProgram("/usr/bin/runc", "runc", "1.1.5", []),
                Lifecycle = keep ?? new LifecycleOptions(),
                CreateCommand = ["run", "-d", "--rootfs", "r", "httpd", "-f"],
                CreatedIn = directory,
            },
            new ContainerState()),
        options ?? new ServiceOptions(),
            new ServiceCommand("/usr/bin/podspawn-oci", ["run", "--name", "web", "--rootfs", "r", "httpd", "-f"], ["rm", "--force", "web"], "podspawn-oci generate systemd web"));

    private static string? Setting(ServiceUnit unit, string key) =>
        unit.Text.Split('\n').SingleOrDefault(line => line.StartsWith($"{key}=", StringComparison.Ordinal))?[(key.Length + 1)..];
}
