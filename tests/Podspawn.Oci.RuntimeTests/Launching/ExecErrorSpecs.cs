using System.Text;

namespace Podspawn.Oci.RuntimeTests.Launching;

/// <summary>A command that the kernel refuses to execute gives 126 with the kernel's reason, however it was to be started; nothing tells of a success.</summary>
public sealed class ExecErrorSpecs : IDisposable
{
    private const UnixFileMode Executable = (UnixFileMode)0x1ED;

    private readonly TemporaryDirectory directory = new();

    public ExecErrorSpecs()
    {
        File.Copy($"{Repository.Probe}/bin/busybox", $"{directory.Path}/busy");
        File.SetUnixFileMode($"{directory.Path}/busy", Executable);
        directory.Write("text", "echo never\n", Executable);
        directory.Write("empty", "", Executable);
        directory.Write("plain-interpreter", "#!/etc/passwd\n", Executable);
        directory.Link("loop", "circle");
        directory.Link("circle", "loop");
        for (int i = 0; i < 8; i++)
            directory.Write($"chain{i}", $"#!/v/chain{i + 1}\n", Executable);
        directory.Write("chain8", "#!/bin/sh\necho never\n", Executable);
        // With so much the arguments and the environment are too long together, and none of them is by itself.
        directory.Write("environment", string.Concat(Enumerable.Range(0, 25).Select(i => $"LONG{i}={new string('x', 130_000)}\n")));
        Tool.Run("chmod", "755", directory.Path);
    }

    public void Dispose() => directory.Dispose();

    private string[] Volume => ["-v", $"{directory.Path}:/v"];

    private static readonly (string Command, string Reason)[] Refused =
    [
        ("/v/text", "exec format error"), ("/v/empty", "exec format error"), ("/v/plain-interpreter", "permission denied"), ("/v/loop", "too many"), ("/v/chain0", "too many"),
    ];

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_container_does_not_start_with_it(string runtime)
    {
        foreach ((string command, string reason) in Refused)
            await NoLaunch(runtime, Volume, command, reason);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_running_container_does_not_get_it(string runtime)
    {
        await using Detached kept = await Detached.Waiting(runtime, [.. Volume, "--tmpfs", "/noexec"]);
        (await kept.Exec([], "sh", "-c", "cp /bin/busybox /noexec/true")).Succeeded();
        foreach ((string command, string reason) in Refused.Append(("/noexec/true", "permission denied")))
            await NoExec(kept, [], command, reason);
        (await kept.Exec([], "true")).Succeeded();
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task A_program_that_is_being_written_is_refused_as_that(string runtime)
    {
        await using Detached kept = await Detached.Waiting(runtime, Volume);
        using (new FileStream($"{directory.Path}/busy", FileMode.Open, FileAccess.Write))
        {
            await NoLaunch(runtime, Volume, "/v/busy", "text file busy", "has it open for writing");
            await NoExec(kept, [], "/v/busy", "text file busy", "has it open for writing");
        }
        Assert.NotEqual(126, (await kept.Exec([], "/v/busy")).Status);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task Too_much_of_arguments_and_environment_is_refused_as_that(string runtime)
    {
        string[] flags = ["--env-file", $"{directory.Path}/environment"];
        await NoLaunch(runtime, flags, "true", "argument list too long", "shorten");
        await using Detached kept = await Detached.Waiting(runtime);
        await NoExec(kept, flags, "true", "argument list too long", "shorten");
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_mount_that_executes_nothing_is_refused_as_that(string runtime)
    {
        Directory.CreateDirectory($"{directory.Path}/bundle/volume");
        Directory.CreateSymbolicLink($"{directory.Path}/bundle/rootfs", Repository.Probe);
        File.Copy($"{directory.Path}/busy", $"{directory.Path}/bundle/volume/true");
        directory.Write("bundle/config.json", """
            {"ociVersion":"1.0.2","root":{"path":"rootfs"},"process":{"args":["/mnt/v/true"],"cwd":"/","env":["PATH=/bin"],"user":{"uid":0,"gid":0}},"linux":{"namespaces":[]},
             "mounts":[{"destination":"/mnt/v","type":"bind","source":"volume","options":["bind","noexec"]}]}
            """);
        foreach (string[] flags in new string[][] { [], ["--detach", "--name", Detached.NewName()] })
            AssertRefused(await PodspawnOci.Call(["run", "--runtime", runtime, .. flags, "--bundle", $"{directory.Path}/bundle"]), "/mnt/v/true", "permission denied");
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task A_quick_command_that_only_talks_of_it_has_run(string runtime)
    {
        // What the last run has left in the log is not what this one says.
        foreach (string script in new[] { "exit 1", "echo \"sh: exec /bin/sh: text file busy\" >&2; exit 1", "echo exec: text file busy; exit 255" })
        {
            string name = Detached.NewName();
            (await PodspawnOci.Call(["run", "--detach", "--runtime", runtime, "--name", name, "--rootfs", Repository.Probe, "--", "sh", "-c", script])).Succeeded();
            Assert.Equal(script.EndsWith("255", StringComparison.Ordinal) ? "255\n" : "1\n", (await PodspawnOci.Call(["wait", name])).Succeeded().Text);
            (await PodspawnOci.Call(["rm", name])).Succeeded();
        }
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task What_an_earlier_start_has_logged_is_not_held_against_the_next_one(string runtime)
    {
        await using Detached kept = await Detached.Create(runtime, [.. Detached.OnProbe, .. Volume], "/v/changing");
        directory.Write("changing", "", Executable);
        File.Copy($"{directory.Path}/busy", $"{directory.Path}/changing", overwrite: true);
        using (new FileStream($"{directory.Path}/changing", FileMode.Open, FileAccess.Write))
            AssertRefused(await kept.Try("start"), "/v/changing", "text file busy");
        directory.Write("changing", "#!/bin/sh\nexit 1\n", Executable);
        (await kept.Do("start")).Succeeded();
        Assert.Equal("1\n", (await kept.Do("wait")).Text);
    }

    private static async Task NoLaunch(string runtime, string[] flags, string command, params string[] reasons)
    {
        string[] common = ["--runtime", runtime, "--rootfs", Repository.Probe, .. flags];
        AssertRefused(await PodspawnOci.Call(["run", .. common, "--", command]), command, reasons);
        AssertRefused(await PodspawnOci.Call(["run", "-t", .. common, "--", command]), command, reasons);
        string name = Detached.NewName();
        AssertRefused(await PodspawnOci.Call(["run", "-d", "--name", name, .. common, "--", command]), command, reasons);
        AssertRefused(await PodspawnOci.Call(["run", "-dt", "--name", name, .. common, "--", command]), command, reasons);
        Assert.False(File.Exists($"/run/podspawn-oci/names/{name}"));
        (await PodspawnOci.Call(["create", "--name", name, .. common, "--", command])).Succeeded();
        AssertRefused(await PodspawnOci.Call(["start", name]), command, reasons);
        (await PodspawnOci.Call(["rm", name])).Succeeded();
    }

    private static async Task NoExec(Detached kept, string[] flags, string command, params string[] reasons)
    {
        foreach (string[] more in new string[][] { [], ["-t"], ["-d"], ["-dt"], ["-w", "/etc"], ["-d", "-w", "/etc"], ["-u", "app"] })
            AssertRefused(await kept.Exec([.. flags, .. more], command), command, reasons);
    }

    // The last line is ours; under a terminal the runtime's own words are on stdout.
    private static void AssertRefused(Outcome outcome, string command, params string[] reasons)
    {
        string last = outcome.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault("");
        Assert.True(outcome.Status == 126, $"{command} {string.Join(", ", reasons)}: {outcome.Status}\n{outcome.Error}\n{Encoding.UTF8.GetString(outcome.Output)}");
        Assert.Contains(command, last, StringComparison.Ordinal);
        foreach (string reason in reasons)
            Assert.Contains(reason, last, StringComparison.OrdinalIgnoreCase);
        // Nothing is missing.
        Assert.DoesNotContain("not in the root filesystem", last, StringComparison.Ordinal);
    }
}
