using System.Diagnostics;

namespace Podspawn.Oci.RuntimeTests.Launching;

/// <summary>
/// No process that a launch leaves holds a descriptor of the caller's: a file kept open stays on the disk, a lock stays taken and a pipe never ends for
/// as long as the container runs; and what a runtime holds may come into the container's reach.
/// </summary>
public sealed class DescriptorSpecs : IDisposable
{
    // A caller that has files, a directory, a lock, pipes, sockets and memory open under small and large numbers, calls the program with each list of
    // arguments, names its open files, and ends when its own standard input does.
    private const string Caller = """
        import fcntl, json, os, resource, socket, subprocess, sys
        resource.setrlimit(resource.RLIMIT_NOFILE, (4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
        directory, program, calls = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
        def opened(name, flags):
            return os.open(directory + "/" + name, flags | os.O_CREAT, 0o600)
        lock = opened("lock", os.O_RDWR)
        fcntl.flock(lock, fcntl.LOCK_EX)
        a, b = socket.socketpair()
        sources = [lock, opened("read", os.O_RDONLY), opened("append", os.O_WRONLY | os.O_APPEND), os.open(directory, os.O_RDONLY), *os.pipe(),
                   a.fileno(), b.fileno(), os.memfd_create(os.path.basename(directory))]
        numbers = [*range(20, 40), 63, 64, 127, 200, 254, 255, 256, 257, 300, 511, 1000, 1022]
        sources = [fcntl.fcntl(fd, fcntl.F_DUPFD, 1100) for fd in sources]
        for place, number in enumerate(numbers):
            os.dup2(sources[place % len(sources)], number, inheritable=True)
        for fd in sources:
            os.set_inheritable(fd, True)
        for call in calls:
            if subprocess.call([program, *call], close_fds=False, stdin=subprocess.DEVNULL, stdout=2):
                sys.exit(f"{call} failed")
        for fd in sources:
            print(os.readlink(f"/proc/self/fd/{fd}"))
        print("", flush=True)
        sys.stdin.read()
        """;

    private readonly string directory = Directory.CreateTempSubdirectory("podspawn-oci-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task What_stays_of_any_verb_holds_none_of_the_callers_descriptors(string runtime)
    {
        (string first, string second) = (Detached.NewName(), Detached.NewName());
        string[] root = ["--runtime", runtime, "--rootfs", Repository.Busybox];
        try
        {
            string[] held = await Call(
                ["run", "--detach", "--name", first, "--restart", "always", .. root, "--", "sleep", "600"],
                ["create", "--name", second, "--tty", "--interactive", .. root, "--", "sleep", "600"],
                ["start", second],
                ["exec", "--detach", first, "sleep", "599"],
                ["exec", "--detach", "--tty", "--workdir", "/tmp", first, "sleep", "598"],
                ["exec", first, "true"],
                ["pause", first],
                ["unpause", first],
                ["restart", "--time", "0", second]);
            Assert.Empty(Holders(held));
            AssertLockIsFree();
            // Nor does whoever starts it again.
            int before = (await Detached.Inspect(first)).GetProperty("State").GetProperty("Pid").GetInt32();
            Process.GetProcessById(before).Kill();
            await Eventually.Holds("it is started again", async () =>
                (await Detached.Inspect(first)).GetProperty("State").GetProperty("Pid") is { ValueKind: System.Text.Json.JsonValueKind.Number } pid && pid.GetInt32() != before);
            Assert.Empty(Holders(held));
        }
        finally
        {
            (await PodspawnOci.Call(["rm", "--force", first, second])).Succeeded();
        }
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_launcher_in_the_foreground_keeps_them_to_itself(string runtime)
    {
        string name = Detached.NewName();
        string[] foreground = ["run", "--runtime", runtime, "--name", name, "--rootfs", Repository.Busybox, "--", "sh", "-c", "echo up; exec sleep 600"];
        // A shell in between, whose background job the launcher is: the caller waits for the command to run, and goes on.
        using Process caller = Start(
            "/bin/sh", ["-c", "\"$0\" \"$@\" >\"$OUTPUT\" & until grep -q up \"$OUTPUT\"; do sleep 0.05; done", Repository.Command, .. foreground]);
        try
        {
            string[] held = await Names(caller);
            int launcher = int.Parse((await File.ReadAllTextAsync($"{Leftovers.DirectoryOf(name)}/launcher")).Trim(), System.Globalization.CultureInfo.InvariantCulture);
            HashSet<int> holders = [.. Holders(held).Select(holder => holder.Pid)];
            Assert.True(holders.SetEquals([launcher, caller.Id]), string.Join('\n', Holders(held)));
        }
        finally
        {
            (await PodspawnOci.Call(["rm", "--force", name])).Succeeded();
            await End(caller);
        }
        AssertLockIsFree();
    }

    private async Task<string[]> Call(params string[][] calls)
    {
        using Process caller = Start(Repository.Command, calls);
        string[] held = await Names(caller);
        Assert.Contains(Holders(held), holder => holder.Pid == caller.Id);
        await End(caller);
        return held;
    }

    private Process Start(string program, params string[][] calls) => Process.Start(new ProcessStartInfo(
        "python3", ["-IS", "-c", Caller, directory, program, System.Text.Json.JsonSerializer.Serialize(calls)])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        Environment = { ["OUTPUT"] = $"{directory}-output" },
    })!;

    private static async Task<string[]> Names(Process caller)
    {
        var held = new List<string>();
        while (await caller.StandardOutput.ReadLineAsync() is { Length: > 0 } line)
            held.Add(line);
        Assert.NotEmpty(held);
        return [.. held];
    }

    private async Task End(Process caller)
    {
        caller.StandardInput.Close();
        await caller.WaitForExitAsync();
        Assert.Equal(0, caller.ExitCode);
        File.Delete($"{directory}-output");
    }

    private void AssertLockIsFree() => Assert.Equal(0, Tool.Try("flock", "--nonblock", $"{directory}/lock", "true").Status);

    // Every process of the host that has one of them open.
    private static List<(int Pid, string What)> Holders(string[] held)
    {
        var found = new List<(int, string)>();
        foreach (string process in Directory.GetDirectories("/proc").Where(path => char.IsAsciiDigit(path[^1])))
        {
            if (!int.TryParse(Path.GetFileName(process), out int pid))
                continue;
            string[] open = [.. OpenIn(process).Where(held.Contains)];
            if (open.Length > 0)
                found.Add((pid, string.Join(' ', open)));
        }
        return found;
    }

    private static IEnumerable<string> OpenIn(string process)
    {
        string[] numbers;
        try
        {
            numbers = Directory.GetFileSystemEntries($"{process}/fd");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            yield break;
        }
        foreach (string number in numbers)
        {
            string? target;
            try
            {
                target = new FileInfo(number).LinkTarget;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                continue;
            }
            if (target is not null)
                yield return target;
        }
    }
}
