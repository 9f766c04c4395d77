using System.Text.Json;

namespace Podspawn.Oci.RuntimeTests.Lifecycle;

/// <summary>Where what a container says can go: a file of the user's own, the journal, or nowhere.</summary>
public sealed class LogDriverSpecs
{
    private const string Journald = "/lib/systemd/systemd-journald";

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Without_a_log_nothing_is_written_and_logs_says_why(string runtime)
    {
        await using Detached none = await Detached.RunShell(runtime, ["--log-driver", "none"], "echo hi; exit 3");
        Assert.Equal("3", (await none.Do("wait")).Text.Trim());
        Assert.False(File.Exists(none.Log));
        Outcome logs = await none.Try("logs");
        Assert.NotEqual(0, logs.Status);
        Assert.Contains("this container is using the 'none' log driver, cannot read logs", logs.Error, StringComparison.Ordinal);
        JsonElement log = (await none.Inspect()).GetProperty("HostConfig").GetProperty("LogConfig");
        Assert.Equal(("none", ""), (log.GetProperty("Type").GetString(), log.GetProperty("Path").GetString()));
        // A command that cannot begin is told all the same.
        Outcome missing = await PodspawnOci.Call(["run", "-d", "--runtime", runtime, "--log-driver", "none", "--rootfs", Repository.Busybox, "/etc/passwd"]);
        Assert.Equal(126, missing.Status);
        string name = Detached.NewName();
        Outcome kept = await PodspawnOci.Call(
            ["run", "--rm=false", "--name", name, "--runtime", runtime, "--log-driver", "none", "--rootfs", Repository.Busybox, "--", "sh", "-c", "echo hi; exit 3"]);
        Assert.Equal("hi\n", kept.EndedWith(3).Text);
        (await PodspawnOci.Call(["rm", name])).Succeeded();
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_file_of_ones_own_is_written_read_and_left_behind(string runtime)
    {
        using var place = new TemporaryDirectory();
        string file = $"{place.Path}/own.log";
        await using (Detached own = await Detached.RunShell(runtime, ["--log-driver", "json-file", "--log-opt", $"path={file}", "--log-opt", "max-file=3"], "echo hi; echo err >&2"))
        {
            await own.Do("wait");
            Outcome logs = await own.Do("logs", "--follow");
            Assert.Equal(("hi\n", "err\n"), (logs.Text, logs.Error));
            Assert.False(File.Exists(own.Log));
            JsonElement log = (await own.Inspect()).GetProperty("HostConfig").GetProperty("LogConfig");
            Assert.Equal(("json-file", file), (log.GetProperty("Type").GetString(), log.GetProperty("Path").GetString()));
            // At the next start the way to it is looked at again.
            File.Move(file, $"{file}.1");
            File.CreateSymbolicLink(file, $"{file}.2");
            Assert.Contains("leads over the symbolic link", (await own.Try("start")).EndedWith(125).Error, StringComparison.Ordinal);
            File.Delete(file);
            await own.Do("start");
            await own.Do("wait");
        }
        Assert.Contains("stdout F hi", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
        Assert.False(File.Exists($"{file}.2"));
    }

    [Fact]
    public async Task Options_that_do_not_fit_are_refused_and_leave_nothing()
    {
        string[][] all =
        [
            ["--log-driver", "x"], ["--log-opt", "tag=x"], ["--log-opt", "path="], ["--log-opt", "max-file=0"], ["--log-opt", "foo=1"], ["--log-opt", "path=/tmp/x.log"],
            ["--log-driver", "none", "--log-opt", "max-size=1m"], ["--log-driver", "journald", "--log-opt", "path=/root/x"],
        ];
        foreach (string[] flags in all)
        {
            string name = Detached.NewName();
            Outcome refused = await PodspawnOci.Call(["run", "-d", "--name", name, .. flags, "--rootfs", Repository.Busybox, "true"]);
            Assert.Contains("--log-", refused.EndedWith(125).Error, StringComparison.Ordinal);
            Assert.False(File.Exists($"/run/podspawn-oci/names/{name}"));
        }
        Outcome discarded = await PodspawnOci.Call(["run", "--log-opt", "path=/root/x.log", "--rootfs", Repository.Busybox, "true"]);
        Assert.Contains("--rm=false", discarded.EndedWith(125).Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task The_journal_has_each_line_and_logs_reads_it_back(string runtime)
    {
        // Part of the package systemd, as journalctl is: a host without it has no journal.
        if (!File.Exists(Journald))
            return;
        await using World world = await World.Make();
        string[] run = ["run", "-d", "--name", "said", "--runtime", runtime, "--log-driver", "journald", "--log-opt", "tag=mine", "--rootfs", Repository.Busybox];
        await world.Shell("mount -t tmpfs tmpfs /run/log; mkdir -p /run/systemd && mount -t tmpfs tmpfs /run/systemd && mkdir /run/systemd/journal");
        Assert.Contains("journald does not run on this host", (await world.Call([.. run, "true"])).EndedWith(125).Error, StringComparison.Ordinal);
        await world.Shell($"setsid {Journald} </dev/null >/dev/null 2>&1 & echo $! >/run/systemd/pid; until [ -S /run/systemd/journal/socket ]; do sleep 0.1; done");
        try
        {
            string script = "printf 'a\\377b\\n'; echo; echo err >&2; i=0; while [ $i -lt 300 ]; do echo line $i; i=$((i+1)); done; head -c 20000 /dev/zero | tr '\\0' x; echo; " +
                "until [ -e /go ]; do sleep 0.1; done; echo last; printf end";
            (await world.Call([.. run, "sh", "-c", script])).Succeeded();
            Task<Outcome> following = world.Call("logs", "--follow", "said");
            (await world.Call("exec", "said", "touch", "/go")).Succeeded();
            byte[] expected = [(byte)'a', 0xff, (byte)'b', (byte)'\n', (byte)'\n',
                .. System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 300).Select(i => $"line {i}\n")) + new string('x', 20000) + "\nlast\nend")];
            Outcome followed = (await following).Succeeded();
            Assert.Equal(expected, followed.Output);
            Assert.Equal("err\n", followed.Error);
            Assert.Equal(expected, (await world.Call("logs", "said")).Succeeded().Output);
            Assert.Equal("last\nend", (await world.Call("logs", "--tail", "2", "said")).Succeeded().Text);
            Assert.Matches(@"^20\d\d-\d\d-\d\dT[0-9:.]{18}\+00:00 last\n", (await world.Call("logs", "--tail", "2", "--timestamps", "said")).Succeeded().Text);
            Assert.Empty((await world.Call("logs", "--since", "2200-01-01", "said")).Succeeded().Output);
            Assert.Contains("last", (await world.Shell("journalctl CONTAINER_TAG=mine CONTAINER_NAME=said --no-pager --output=cat")).Text, StringComparison.Ordinal);
            (await world.Call("rm", "said")).Succeeded();
        }
        finally
        {
            await world.Shell("kill $(cat /run/systemd/pid)");
        }
    }
}
