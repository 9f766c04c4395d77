using System.Diagnostics;
using System.Globalization;

namespace Podspawn.Oci.RuntimeTests.Launching;

/// <summary>The exit status is the command's own, and the reserved ones mean the same under every runtime.</summary>
public sealed class ExitStatusSpecs : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("podspawn-oci-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_commands_status_is_passed_on(string runtime)
    {
        foreach (int status in new[] { 0, 1, 7, 125, 128, 255 })
            Assert.Equal(status, (await PodspawnOci.Probe(runtime, [], "sh", "-c", $"exit {status}")).Status);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_command_that_a_signal_ends_gives_128_and_its_number(string runtime) =>
        // Not pid 1 itself: the kernel protects it from fatal signals. It ends with its child's status.
        Assert.Equal(128 + 9, (await PodspawnOci.Probe(runtime, [], "sh", "-c", "sh -c 'kill -9 $$'; exit $?")).Status);

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task A_container_that_is_killed_from_outside_gives_137(string runtime)
    {
        string name = $"killed-{runtime}";
        Task<Outcome> running = PodspawnOci.Call(["run", "--runtime", runtime, "--name", name, "--rootfs", Repository.Probe, "--", "sleep", "300"]);
        string PidFile() => $"{Leftovers.DirectoryOf(name)}/pid";
        int pid = await Until(() => File.Exists(PidFile()) && int.TryParse(File.ReadAllText(PidFile()), CultureInfo.InvariantCulture, out int found)
            && File.ReadAllText($"/proc/{found}/cmdline").StartsWith("sleep", StringComparison.Ordinal) ? found : 0);
        using var process = Process.GetProcessById(pid);
        process.Kill();
        Assert.Equal(137, (await running).Status);
        await Leftovers.AssertNone(name);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task What_is_not_there_gives_127(string runtime)
    {
        Write("no-interpreter", "#!/no/such/interpreter\n");
        Assert.Equal(127, (await PodspawnOci.Probe(runtime, [], "no-such-command")).Status);
        Assert.Equal(127, (await PodspawnOci.Probe(runtime, [], "/no/such/path")).Status);
        Assert.Equal(127, (await PodspawnOci.Probe(runtime, ["--tmpfs", "/mnt/t"], "no-such-command")).Status);
        Assert.Equal(127, (await PodspawnOci.Probe(runtime, ["-v", $"{directory}:/mnt/v"], "/mnt/v/no-interpreter")).Status);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task What_cannot_be_executed_gives_126(string runtime)
    {
        Write("plain", "echo never\n", executable: false);
        Write("no-format", "\u007fELF but not for any machine");
        Assert.Equal(126, (await PodspawnOci.Probe(runtime, [], "/etc")).Status);
        Assert.Equal(126, (await PodspawnOci.Probe(runtime, [], "/etc/passwd")).Status);
        Assert.Equal(126, (await PodspawnOci.Probe(runtime, ["-v", $"{directory}:/mnt/v"], "/mnt/v/plain")).Status);
        Assert.Equal(126, (await PodspawnOci.Probe(runtime, ["-v", $"{directory}:/mnt/v"], "/mnt/v/no-format")).Status);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task What_cannot_be_launched_gives_125(string runtime)
    {
        Assert.Equal(125, (await PodspawnOci.Probe(runtime, ["--tmpfs", "/"], "true")).Status);
        Assert.Equal(125, (await PodspawnOci.Probe(runtime, ["--no-such-flag"], "true")).Status);
    }

    private void Write(string name, string content, bool executable = true)
    {
        string path = Path.Combine(directory, name);
        File.WriteAllText(path, content);
        File.SetUnixFileMode(path, executable ? (UnixFileMode)0x1ED : (UnixFileMode)0x1A4);
    }

    private static async Task<int> Until(Func<int> condition)
    {
        for (DateTime end = DateTime.UtcNow.AddSeconds(30); DateTime.UtcNow < end; await Task.Delay(10))
        {
            try
            {
                if (condition() is var value and > 0)
                    return value;
            }
            catch (IOException)
            {
                // It was removed, or does not exist yet.
            }
        }
        throw new TimeoutException("the container did not come up");
    }
}
