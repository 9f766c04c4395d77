using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation.Requests;
using static Podspawn.Oci.Tests.TestFacts;

namespace Podspawn.Oci.Tests.Translation;

public sealed class ProcessSpecs
{
    [Fact]
    public void Everything_that_is_asked_for_stands_in_the_spec()
    {
        LaunchRequest launch = Launch with
        {
            Arguments = ["/bin/a", "", "b c"],
            Environment = ["A=", "B=c=d"],
            WorkingDirectory = "/work",
            User = new ProcessUser(1000, 1001, [5, 6]),
            Terminal = true,
            TerminalSize = (24, 80),
            HostName = "box",
        };
        RuntimeSpec spec = Translate(launch: launch).Spec;
        Assert.Equal(["/bin/a", "", "b c"], spec.Process.Args);
        Assert.Equal(["A=", "B=c=d"], spec.Process.Env);
        Assert.Equal("/work", spec.Process.Cwd);
        Assert.Equal((1000u, 1001u), (spec.Process.User.Uid, spec.Process.User.Gid));
        // Its own group is among them: otherwise a set-group-id program could drop it (CVE-2022-36109).
        Assert.Equal([1001u, 5u, 6u], spec.Process.User.AdditionalGids);
        Assert.True(spec.Process.Terminal);
        Assert.Equal(new ConsoleSize(24, 80), spec.Process.ConsoleSize);
        Assert.Equal("box", spec.Hostname);
        Assert.Equal("/srv/root", spec.Root.Path);
        Assert.Equal("/podspawn-oci/c1", spec.Linux.CgroupsPath);
        Assert.Equal("rprivate", spec.Linux.RootfsPropagation);
        Assert.Equal(0, spec.Process.OomScoreAdj);
    }

    [Fact]
    public void Without_a_terminal_there_is_no_size() =>
        Assert.Null(Translate(launch: Launch with { TerminalSize = (24, 80) }).Spec.Process.ConsoleSize);

    public static TheoryData<string, LaunchRequest> BadLaunches() => new()
    {
        { "no command", Launch with { Arguments = [] } },
        { "no command", Launch with { Arguments = [""] } },
        { "argument holds a NUL", Launch with { Arguments = ["sh", "a\0b"] } },
        { "'A' holds a NUL", Launch with { Environment = ["A=b\0c"] } },
        { "has no '='", Launch with { Environment = ["PATH"] } },
        { "has no name", Launch with { Environment = ["=x"] } },
        { "working directory", Launch with { WorkingDirectory = "work" } },
        { "working directory", Launch with { WorkingDirectory = "/a\0b" } },
        { "host name", Launch with { HostName = "a\nb" } },
        { "host name", Launch with { HostName = new string('a', 65) } },
        { "root filesystem", Launch with { RootPath = "/" } },
        { "root filesystem", Launch with { RootPath = "root" } },
        { "cgroup", Launch with { CgroupsPath = "/../x" } },
        { "4294967295", Launch with { User = new ProcessUser(uint.MaxValue, 0, []) } },
        { "4294967295", Launch with { User = new ProcessUser(0, 0, [uint.MaxValue]) } },
    };

    [Theory]
    [MemberData(nameof(BadLaunches))]
    public void A_launch_that_the_runtimes_would_mistake_is_refused(string what, LaunchRequest launch) =>
        Assert.Contains(what, Assert.Single(Refusal(launch: launch)).What, StringComparison.Ordinal);

    [Fact]
    public void The_value_of_a_variable_is_never_shown()
    {
        LaunchRequest launch = Launch with { Environment = ["TOKEN=hunter2\0", "hunter2"] };
        Assert.DoesNotContain(Refusal(launch: launch), problem => problem.ToString().Contains("hunter2", StringComparison.Ordinal));
    }
}
