using Podspawn.Oci.Cli;
using Podspawn.Oci.Cli.Verbs;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Tests.Reading;

/// <summary>Where a container's output goes, in docker's and podman's words.</summary>
public sealed class LogFlagSpecs
{
    [Fact]
    public void Each_driver_takes_what_goes_with_it()
    {
        Assert.Same(LogTarget.Usual, LogFlags.Read(null, []));
        Assert.Same(LogTarget.Usual, LogFlags.Read("k8s-file", ["max-size=1m", "max-file=3"]));
        Assert.Equal(new LogTarget { Driver = LogDriver.JsonFile, Path = "/var/log/x" }, LogFlags.Read("json-file", ["path=/var/log/./x"]));
        Assert.Equal(new LogTarget { Driver = LogDriver.Journald, Tag = "a=b" }, LogFlags.Read("journald", ["tag=a", "tag=a=b"]));
        Assert.Equal(LogDriver.None, LogFlags.Read("none", []).Driver);
    }

    [Theory]
    [InlineData("k8s", "")]
    [InlineData("k8s-file", "tag=x")]
    [InlineData("k8s-file", "path")]
    [InlineData("k8s-file", "path=")]
    [InlineData("k8s-file", "max-file=0")]
    [InlineData("k8s-file", "max-file=-1")]
    [InlineData("k8s-file", "mode=x")]
    [InlineData("journald", "path=/x")]
    [InlineData("journald", "max-size=1m")]
    [InlineData("journald", "tag=a\nb")]
    [InlineData("none", "tag=x")]
    [InlineData("none", "max-size=1m")]
    public void What_does_not_fit_is_refused(string driver, string option) =>
        Assert.StartsWith("--log-", Assert.Throws<UsageException>(() => LogFlags.Read(driver, option.Length == 0 ? [] : [option])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_container_that_goes_with_its_command_has_no_log_of_ones_own()
    {
        LogFlags.RefuseForDiscarded(LogTarget.Usual);
        LogFlags.RefuseForDiscarded(new LogTarget { Driver = LogDriver.None });
        Assert.Throws<UsageException>(() => LogFlags.RefuseForDiscarded(new LogTarget { Path = "/x" }));
        Assert.Throws<UsageException>(() => LogFlags.RefuseForDiscarded(new LogTarget { Driver = LogDriver.Journald }));
    }
}
