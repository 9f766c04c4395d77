using System.Text.Json;

namespace Podspawn.Oci.RuntimeTests.Launching;

/// <summary>The working directory never leads out of the container, whenever it is entered, and whatever the runtime has open then.</summary>
public sealed class WorkingDirectorySpecs
{
    private const string Read = "cat secret && echo out; sleep 600";

    // Replaces the directory by the link and back, again and again.
    private const string Swapping = """
        mkdir -p /srv/work /srv/none; ln -sfn /proc/self/fd/8 /srv/link; touch /srv/work/inside /tmp/swapping
        while test -e /tmp/swapping; do mv /srv/work /srv/none/work; mv /srv/link /srv/work; mv /srv/work /srv/link; mv /srv/none/work /srv/work; done
        """;

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task A_container_that_turned_its_directory_into_a_way_out_is_not_started_again(string name)
    {
        using var runtime = new LeakyRuntime(name);
        await using Detached kept = await Detached.Run(runtime.Program, [.. Detached.OnProbe, "-w", "/srv/work"], "sh", "-c", $"echo began; {Read}");
        await kept.UntilWritten("began");
        (await kept.Exec(["-w", "/"], "sh", "-c", $"rm -r /srv/work; ln -s {LeakyRuntime.WayOut} /srv/work")).Succeeded();
        Outcome outcome = await kept.Try("restart", "-t", "0");
        Assert.Equal(125, outcome.Status);
        Assert.Contains("/srv/work", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(runtime.Secret, kept.Written(), StringComparison.Ordinal);
        Assert.Equal("exited", await kept.Status());
        Assert.NotEqual(0, (await kept.Try("start")).Status);
        Assert.DoesNotContain(runtime.Secret, kept.Written(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task Nor_is_it_by_its_restart_policy(string name)
    {
        using var runtime = new LeakyRuntime(name);
        string script = $"cat secret; rm -r /srv/work; ln -s {LeakyRuntime.WayOut} /srv/work; echo turned; exit 1";
        await using Detached kept = await Detached.Run(runtime.Program, ["--restart", "on-failure:2", "-w", "/srv/work"], "sh", "-c", script);
        await kept.Until(told => told.GetProperty("State") is var state && state.GetProperty("Status").GetString() == "exited"
            && state.TryGetProperty("Error", out JsonElement error) && error.GetString() is { Length: > 0 });
        Assert.DoesNotContain(runtime.Secret, kept.Written(), StringComparison.Ordinal);
        Assert.Single(kept.Written().Split('\n'), line => line == "turned");
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task A_way_out_in_a_volume_is_refused_by_every_verb_that_starts(string name)
    {
        using var runtime = new LeakyRuntime(name);
        File.CreateSymbolicLink($"{runtime.Volume}/work", LeakyRuntime.WayOut);
        string container = Detached.NewName();
        foreach (string[] verb in new string[][] { ["run"], ["run", "-t"], ["run", "-d", "--name", container], ["run", "--rootfs-writable"] })
        {
            Outcome outcome = await PodspawnOci.Call(
                [.. verb, "--runtime", runtime.Program, "--rootfs", Repository.Busybox, "-v", $"{runtime.Volume}:/vol", "-w", "/vol/work", "--", "cat", "secret"]);
            Assert.True(outcome.Status == 125, $"{string.Join(' ', verb)}: {outcome.Status} {outcome.Error}");
            Assert.DoesNotContain(runtime.Secret, outcome.Text, StringComparison.Ordinal);
        }
        Assert.NotEqual(0, (await PodspawnOci.Call(["inspect", container])).Status);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task A_container_that_swaps_its_directory_meanwhile_never_gets_an_exec_out(string name)
    {
        using var runtime = new LeakyRuntime(name);
        await using Detached kept = await Detached.Run(runtime.Program, [.. Detached.OnProbe, "-w", "/srv/work"], "sh", "-c", $"{Swapping}; sleep 600");
        await Eventually.Holds("the container swaps", async () => (await kept.Exec(["-w", "/"], "test", "-e", "/tmp/swapping")).Status == 0);
        int inside = 0, refused = 0;
        for (int i = 0; i < 60; i++)
        {
            Outcome outcome = await kept.Exec([], "sh", "-c", "cat secret 2>&1; ls");
            Assert.DoesNotContain(runtime.Secret, outcome.Text, StringComparison.Ordinal);
            inside += outcome.Status == 0 && outcome.Lines.Contains("inside") ? 1 : 0;
            refused += outcome.Status == 125 ? 1 : 0;
        }
        Assert.Equal(60, inside + refused);
        Assert.True(inside > 0 && refused > 0, $"{inside} inside, {refused} refused: the swap was never met");
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task A_foreground_run_in_another_directory_is_as_any_other(string runtime)
    {
        foreach (string[] flags in new string[][] { ["-w", "/tmp"], ["-t", "-w", "/tmp"], ["--tmpfs", "/work", "-w", "/work"] })
        {
            Assert.Equal(flags[^1], (await PodspawnOci.Probe(runtime, flags, "pwd")).Succeeded().Text.Trim());
            Assert.Equal(7, (await PodspawnOci.Probe(runtime, flags, "sh", "-c", "exit 7")).Status);
            Assert.Equal(127, (await PodspawnOci.Probe(runtime, flags, "no-such-command")).Status);
            Assert.Equal(126, (await PodspawnOci.Probe(runtime, flags, "/etc")).Status);
        }
        string[] cat = ["run", "-i", "--runtime", runtime, "--rootfs", Repository.Busybox, "-w", "/tmp", "--", "cat"];
        Assert.Equal("word", (await PodspawnOci.Call(cat, CliWrap.PipeSource.FromString("word"))).Succeeded().Text);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task A_command_in_another_directory_gets_nothing_but_its_streams(string runtime)
    {
        await using Detached kept = await Detached.Waiting(runtime, "-w", "/etc");
        foreach (string[] flags in new string[][] { [], ["-w", "/"], ["-w", "/var/"], ["-u", "app"] })
        {
            // ls(1) itself has the directory open.
            Outcome outcome = (await kept.Exec(flags, "ls", "/proc/self/fd")).Succeeded();
            Assert.Equal(["0", "1", "2", "3"], outcome.Lines);
            Assert.Equal("sh\0-c\0cat /proc/$$/cmdline; true\0", (await kept.Exec(flags, "sh", "-c", "cat /proc/$$/cmdline; true")).Succeeded().Text);
        }
        Outcome hardened = (await kept.Exec([], "/probe/caps")).Succeeded();
        Assert.Equal((await kept.Exec(["-w", "/"], "/probe/caps")).Succeeded().Text, hardened.Text);
        Assert.Equal("/etc\n", (await kept.Exec(["-t"], "pwd")).Succeeded().Text.Replace("\r", "", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task An_exec_enters_a_directory_as_its_own_user(string runtime)
    {
        await using Detached kept = await Detached.Waiting(runtime);
        (await kept.Exec([], "sh", "-c", "mkdir -p /srv/closed/open; chmod 700 /srv/closed; chmod 755 /srv/closed/open")).Succeeded();
        Assert.Equal("1000\n", (await kept.Exec(["-u", "app", "-w", "/srv"], "id", "-u")).Succeeded().Text);
        // Only the directory itself is checked: those above it were passed when it was opened.
        Assert.Equal("1000\n", (await kept.Exec(["-u", "app", "-w", "/srv/closed/open"], "id", "-u")).Succeeded().Text);
        foreach (string[] flags in new string[][] { [], ["-d"], ["-t"] })
        {
            Outcome closed = await kept.Exec([.. flags, "-u", "app", "-w", "/srv/closed"], "id", "-u");
            Assert.Equal(125, closed.Status);
            Assert.Contains("'/srv/closed' may not be entered", closed.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task A_container_that_forges_proc_in_mounts_of_its_own_gets_no_exec_out(string name)
    {
        using var runtime = new LeakyRuntime(name);
        // The runtime joins the first process's mounts as they are at that moment: here with a /proc whose descriptors are a program and a way out.
        const string Forge = """
            printf '#!/bin/sh\ncat secret\n' > /tmp/program && chmod +x /tmp/program && mkdir -p /tmp/proc &&
            mount -o bind /proc /tmp/proc && mount -t tmpfs none /proc && mkdir -p /proc/self/fd &&
            ln -s /tmp/program /proc/self/fd/3 && ln -s /tmp/proc/self/fd/8 /proc/self/fd/5 && echo forged && sleep 600
            """;
        await using Detached kept = await Detached.Run(runtime.Program, [.. Detached.OnProbe, "--cap-add", "SYS_ADMIN", "--security-opt", "seccomp=unconfined", "-w", "/srv"],
            "unshare", "-m", "sh", "-c", Forge);
        await kept.UntilWritten("forged");
        Outcome outcome = await kept.Exec([], "cat", "secret");
        Assert.NotEqual(0, outcome.Status);
        Assert.DoesNotContain(runtime.Secret, outcome.Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task What_cannot_be_started_in_another_directory_has_the_same_statuses(string runtime)
    {
        await using Detached kept = await Detached.Waiting(runtime, "-w", "/etc");
        (await kept.Exec([], "sh", "-c", "printf '#!/no/such\\n' > /tmp/script; printf '\\177ELF' > /tmp/broken; chmod +x /tmp/script /tmp/broken; echo > /tmp/plain")).Succeeded();
        foreach (string[] flags in new string[][] { [], ["-d"], ["-t"], ["-dt"] })
        {
            Assert.Equal(127, (await kept.Exec(flags, "no-such-command")).Status);
            Assert.Equal(127, (await kept.Exec(flags, "./no-such")).Status);
            Assert.Equal(127, (await kept.Exec(flags, "/tmp/script")).Status);
            Assert.Equal(126, (await kept.Exec(flags, "/tmp")).Status);
            Assert.Equal(126, (await kept.Exec(flags, "/tmp/plain")).Status);
            Assert.Equal(126, (await kept.Exec(flags, "/tmp/broken")).Status);
        }
        foreach (int status in new[] { 0, 1, 125, 126, 127, 255 })
            Assert.Equal(status, (await kept.Exec([], "sh", "-c", $"exit {status}")).Status);
        Assert.Equal(128 + 9, (await kept.Exec([], "sh", "-c", "kill -9 $$")).Status);
        Assert.Contains("command 'no-such-command' is not found in the container", (await kept.Exec([], "no-such-command")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_directory_that_is_gone_is_named(string runtime)
    {
        await using Detached kept = await Detached.Waiting(runtime, "-w", "/srv/work");
        (await kept.Exec(["-w", "/"], "rm", "-r", "/srv/work")).Succeeded();
        Outcome outcome = await kept.Exec([], "true");
        Assert.Equal(125, outcome.Status);
        Assert.Contains("/srv/work", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task A_start_makes_it_again(string runtime)
    {
        await using Detached kept = await Detached.Waiting(runtime, "-w", "/srv/work");
        (await kept.Exec(["-w", "/"], "rm", "-r", "/srv/work")).Succeeded();
        await kept.Do("restart", "-t", "0");
        Assert.Equal("/srv/work\n", (await kept.Exec([], "pwd")).Succeeded().Text);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Every_verb_works_where_the_callers_own_directory_is_gone(string runtime)
    {
        await using Detached kept = await Detached.Waiting(runtime);
        foreach (string verb in new[] { "ps", $"exec {kept.Name} true", $"inspect {kept.Name}", $"restart -t 0 {kept.Name}", $"cp {kept.Name}:/etc/passwd -", $"logs {kept.Name}",
            $"export {kept.Name}" })
            await Nowhere($"{verb}", status: 0);
        await Nowhere($"run --runtime {runtime} --rootfs {Repository.Busybox} -- true", status: 0);
        await Nowhere($"run --runtime {runtime} --rootfs {Repository.Busybox} -w /tmp -- true", status: 0);
        foreach (string relative in new[] { "run --rootfs some/where -- true", "run --bundle some/where", $"run --rootfs {Repository.Busybox} -v ./here:/there -- true",
            "explain --config some.yaml" })
            await Nowhere(relative, status: null);
    }

    // Another status than the expected one fails the test, and so does a stack trace or an incomplete message.
    private static async Task Nowhere(string words, int? status)
    {
        string directory = Directory.CreateTempSubdirectory("podspawn-oci-gone-").FullName;
        Outcome outcome = await Shell($"cd {directory} && rmdir {directory} && exec {Repository.Command} {words}");
        Assert.True(status is null ? outcome.Status is 1 or 125 : outcome.Status == status, $"{words}: {outcome.Status} {outcome.Error}");
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("nhandled", outcome.Error, StringComparison.Ordinal);
        Assert.True(status is not null || outcome.Error.StartsWith("podspawn-oci: ", StringComparison.Ordinal), outcome.Error);
    }

    private static Task<Outcome> Shell(string line) => Outcome.Of(CliWrap.Cli.Wrap("sh").WithArguments(["-c", line]));
}
