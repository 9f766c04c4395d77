using System.Formats.Tar;
using System.Text;
using CliWrap;

namespace Podspawn.Oci.RuntimeTests.Lifecycle;

/// <summary>Files are copied into containers and out of them.</summary>
public sealed class CopySpecs : IDisposable
{
    private const string Idle = "echo ready; exec sleep 1000";

    private readonly string directory = Directory.CreateTempSubdirectory("podspawn-oci-").FullName;

    public CopySpecs()
    {
        File.WriteAllText($"{directory}/file", "content");
        Directory.CreateDirectory($"{directory}/tree/sub");
        File.WriteAllText($"{directory}/tree/sub/in", "inside");
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task What_gvisor_mounts_at_tmp_by_itself_is_not_copied_beside()
    {
        await using (Detached container = await Detached.RunShell("runsc", [], "echo written > /tmp/file; " + Idle))
        {
            await container.UntilWritten("ready");
            Outcome refused = await container.Call("cp", $"{directory}/file", "{}:/tmp/");
            Assert.Equal(125, refused.Status);
            Assert.Contains("lies on the tmpfs at /tmp: runsc keeps its mounts to itself; copy to another path", refused.Error, StringComparison.Ordinal);
            Assert.Contains("lies on the tmpfs at /tmp", (await container.Call("cp", "{}:/tmp/file", $"{directory}/out")).Error, StringComparison.Ordinal);
            await container.Do("stop", "--time", "0");
            // Its own directory is what it has at its next start: that is not empty any more.
            (await container.Call("cp", $"{directory}/file", "{}:/tmp/copied")).Succeeded();
            await container.Do("start");
            Assert.Equal("content", (await container.Call("exec", "{}", "cat", "/tmp/copied")).Succeeded().Text);
            (await container.Call("cp", $"{directory}/file", "{}:/tmp/again")).Succeeded();
            Assert.Equal("content", (await container.Call("exec", "{}", "cat", "/tmp/again")).Succeeded().Text);
        }
        await using Detached mounted = await Detached.RunShell("runsc", ["--tmpfs", "/elsewhere", "-v", $"{directory}:/tmp"], Idle);
        await mounted.UntilWritten("ready");
        (await mounted.Call("cp", $"{directory}/file", "{}:/tmp/through")).Succeeded();
        Assert.Equal("content", File.ReadAllText($"{directory}/through"));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_running_container_sees_what_comes_in_and_gives_what_it_wrote(string runtime)
    {
        await using Detached container = await Detached.RunShell(
            runtime, [], "trap 'cat /root/file /root/tree/sub/in; exit 0' USR1; echo written > /home/file; ln -s /home /home/link; echo ready; while :; do sleep 0.1; done");
        await container.UntilWritten("ready");
        (await container.Call("cp", $"{directory}/file", "{}:/root/")).Succeeded();
        (await container.Call("cp", $"{directory}/tree", "{}:root")).Succeeded();
        (await container.Call("kill", "--signal", "USR1", "{}")).Succeeded();
        (await container.Call("wait", "{}")).Succeeded();
        Assert.EndsWith("contentinside", (await container.Call("logs", "{}")).Text, StringComparison.Ordinal);
        (await container.Call("cp", "{}:/home/link/file", $"{directory}/out")).Succeeded();
        Assert.Equal("written\n", File.ReadAllText($"{directory}/out"));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_container_that_does_not_run_is_copied_into_and_out_of(string runtime)
    {
        await using Detached container = await Detached.CreateShell(runtime, [], "cat /root/file; cat /root/second; echo more >> /root/file");
        // Before its first start the container has no layer yet.
        (await container.Call("cp", $"{directory}/file", "{}:/root/file")).Succeeded();
        (await container.Call("start", "{}")).Succeeded();
        (await container.Call("wait", "{}")).Succeeded();
        File.WriteAllText($"{directory}/second", "second");
        (await container.Call("cp", $"{directory}/second", "{}:/root/")).Succeeded();
        (await container.Call("cp", "{}:/root/file", $"{directory}/out")).Succeeded();
        Assert.Equal("contentmore\n", File.ReadAllText($"{directory}/out"));
        (await container.Call("start", "{}")).Succeeded();
        (await container.Call("wait", "{}")).Succeeded();
        Assert.Equal("contentcontentmore\nsecond", (await container.Call("logs", "{}")).Text);
        Assert.DoesNotContain(File.ReadLines("/proc/self/mountinfo"), line => line.Contains("/podspawn-oci/containers/", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task Volumes_and_tmpfs_are_seen_as_the_container_sees_them(string runtime)
    {
        await using Detached container = await Detached.RunShell(runtime, ["--tmpfs", "/tmp", "--volume", $"{directory}/tree:/vol", "--volume", $"{directory}/tree:/ro:ro"],
            $"echo t > /tmp/t; {Idle}");
        await container.UntilWritten("ready");
        (await container.Call("cp", "{}:/tmp/t", $"{directory}/t")).Succeeded();
        Assert.Equal("t\n", File.ReadAllText($"{directory}/t"));
        (await container.Call("cp", $"{directory}/file", "{}:/vol/new")).Succeeded();
        Assert.Equal("content", File.ReadAllText($"{directory}/tree/new"));
        Outcome refused = await container.Call("cp", $"{directory}/file", "{}:/ro/other");
        Assert.Equal(125, refused.Status);
        Assert.Contains("read-only", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mounts_that_are_gvisors_own_are_told_of()
    {
        await using Detached container = await Detached.RunShell("runsc", ["--tmpfs", "/tmp"], Idle);
        await container.UntilWritten("ready");
        Outcome refused = await container.Call("cp", $"{directory}/file", "{}:/tmp/file");
        Assert.Equal(125, refused.Status);
        Assert.Contains("tmpfs at /tmp", refused.Error, StringComparison.Ordinal);
        Assert.Contains("only after a restart", (await container.Call("cp", $"{directory}/file", "{}:/root/file")).Succeeded().Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_read_only_root_is_not_written_to(string runtime)
    {
        await using Detached container = await Detached.RunShell(runtime, ["--read-only"], Idle);
        await container.UntilWritten("ready");
        foreach (bool isStopped in new[] { false, true })
        {
            if (isStopped)
                await container.Kill();
            Outcome refused = await container.Call("cp", $"{directory}/file", "{}:/root/file");
            Assert.Equal(125, refused.Status);
            Assert.Contains("rootfs is marked read-only", refused.Error, StringComparison.Ordinal);
            (await container.Call("cp", "{}:/etc/passwd", $"{directory}/passwd")).Succeeded();
        }
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Archives_go_through_pipes(string runtime)
    {
        await using Detached container = await Detached.RunShell(runtime, [], Idle);
        await container.UntilWritten("ready");
        using var archive = new MemoryStream();
        await TarFile.CreateFromDirectoryAsync($"{directory}/tree", archive, includeBaseDirectory: true);
        (await PodspawnOci.Call(["cp", "-", $"{container.Name}:/root"], PipeSource.FromBytes(archive.ToArray()))).Succeeded();
        Outcome outcome = (await container.Call("cp", "{}:/root/.", "-")).Succeeded();
        Directory.CreateDirectory($"{directory}/back");
        await TarFile.ExtractToDirectoryAsync(new MemoryStream(outcome.Output), $"{directory}/back", overwriteFiles: false);
        Assert.Equal("inside", File.ReadAllText($"{directory}/back/tree/sub/in"));
        Outcome wrong = await PodspawnOci.Call(["cp", "-", $"{container.Name}:/root"], PipeSource.FromString("no archive"));
        Assert.Equal(125, wrong.Status);
        Assert.Contains("tar archive", wrong.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task No_link_of_the_containers_leads_to_the_host(string runtime)
    {
        string secret = Secret();
        await using Detached container = await Detached.RunShell(
            runtime, [], $"ln -s {secret} /dir; ln -s {secret}/secret /file; ln -s ../../../../../..{secret} /up; ln -s /proc/1/root /root/r; ln -s /proc/self/root /root/s; " +
                $"{Idle}");
        await container.UntilWritten("ready");
        foreach (string path in new[] { "/dir/secret", "/up/secret", "/file/", $"/root/r{secret}/secret", $"/root/s{secret}/secret", $"/../../..{secret}/secret" })
            Assert.Equal(125, (await container.Call("cp", "-L", "{}:" + path, $"{directory}/out")).Status);
        Assert.Equal(125, (await container.Call("cp", "-L", "{}:/file", $"{directory}/out")).Status);
        (await container.Call("cp", "{}:/file", $"{directory}/link")).Succeeded();
        Assert.Equal($"{secret}/secret", new FileInfo($"{directory}/link").LinkTarget);
        foreach (string path in new[] { "/dir/new", "/up/new", "/file", $"/root/r{secret}/new", $"/root/s{secret}/new" })
            Assert.Equal(125, (await container.Call("cp", $"{directory}/file", "{}:" + path)).Status);
        AssertUntouched(secret);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_directory_that_the_container_swaps_for_a_link_all_the_time_leads_nowhere_else(string runtime)
    {
        string secret = Secret();
        await using Detached container = await Detached.RunShell(
            runtime, [], $"mkdir -p /t/d; echo in > /t/d/in; ln -s {secret} /t/l; echo ready; cd /t; while :; do mv d x; mv l d; mv d l; mv x d; done");
        await container.UntilWritten("ready");
        int copied = 0;
        for (int i = 0; i < 60; i++)
        {
            Outcome[] outcomes =
            [
                await container.Call("cp", "{}:/t", $"{directory}/copy{i}"),
                await container.Call("cp", "{}:/t/d/secret", $"{directory}/copy-secret{i}"),
                await container.Call("cp", $"{directory}/file", "{}:/t/d/new"),
                await container.Call("cp", $"{directory}/tree", "{}:/t/d"),
            ];
            copied += outcomes.Count(outcome => outcome.Status == 0);
            Assert.All(outcomes, outcome => Assert.True(outcome.Status is 0 or 125, outcome.Error));
        }
        Assert.True(copied >= 60, $"{copied} copies");
        AssertUntouched(secret);
        Assert.DoesNotContain(
            Directory.EnumerateFiles(directory, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
                .Where(file => !file.StartsWith(secret, StringComparison.Ordinal)),
            file => File.ReadAllText(file).Contains("secret", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Setuid_bits_fifos_and_devices_do_not_come_to_the_host(string runtime)
    {
        await using Detached container = await Detached.RunShell(runtime, [], $"mkdir /tree; cp /bin/busybox /tree/tool; chmod 4755 /tree/tool; {(runtime == "runsc" ? ""
            : "mkfifo /tree/fifo;")} {Idle}");
        await container.UntilWritten("ready");
        Outcome copy = (await container.Call("cp", "{}:/tree", $"{directory}/copy")).Succeeded();
        Assert.Equal(["tool"], Directory.GetFileSystemEntries($"{directory}/copy").Select(path => Path.GetFileName(path)));
        Assert.False(File.GetUnixFileMode($"{directory}/copy/tool").HasFlag(UnixFileMode.SetUser));
        if (runtime != "runsc")
            Assert.Contains("/tree/fifo: is a FIFO", copy.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--rootfs-writable")]
    [InlineData("--storage-driver=copy")]
    [InlineData("--storage-driver=fuse-overlayfs")]
    public async Task Whatever_takes_its_writes_a_stopped_container_is_copied_into(string flag)
    {
        string root = $"{directory}/root";
        Tool.Run("cp", "-a", Repository.Busybox, root);
        await using Detached container = await Detached.RunShell("crun", ["--rootfs", root, flag], "cat /root/file");
        (await container.Call("wait", "{}")).Succeeded();
        (await container.Call("cp", $"{directory}/file", "{}:/root/")).Succeeded();
        Assert.Equal(flag == "--rootfs-writable", File.Exists($"{root}/root/file"));
        (await container.Call("start", "{}")).Succeeded();
        (await container.Call("wait", "{}")).Succeeded();
        Assert.EndsWith("content", (await container.Call("logs", "{}")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gigabyte_goes_through_and_holes_stay_holes()
    {
        await using Detached container = await Detached.RunShell("crun", [], Idle);
        using (FileStream file = File.Create($"{directory}/sparse"))
        {
            file.Write(Encoding.ASCII.GetBytes("begin"));
            file.SetLength(1L << 30);
        }
        (await container.Call("cp", $"{directory}/sparse", "{}:/root/sparse")).Succeeded();
        (await container.Call("cp", "{}:/root/sparse", $"{directory}/back")).Succeeded();
        Assert.Equal(1L << 30, new FileInfo($"{directory}/back").Length);
        using FileStream back = File.OpenRead($"{directory}/back");
        byte[] begin = new byte[5];
        back.ReadExactly(begin);
        Assert.Equal("begin", Encoding.ASCII.GetString(begin));
    }

    [Theory]
    [InlineData("/etc/passwd", "/tmp/x", "CONTAINER:PATH")]
    [InlineData("a:/x", "b:/y", "no such container")]
    [InlineData("no-such-container:/x", "/tmp/x", "no such container")]
    public async Task What_cannot_be_copied_is_told(string from, string to, string why)
    {
        Outcome outcome = await PodspawnOci.Call(["cp", from, to]);
        Assert.Equal(125, outcome.Status);
        Assert.Contains(why, outcome.Error, StringComparison.Ordinal);
    }

    private string Secret()
    {
        string secret = $"{directory}/host";
        Directory.CreateDirectory(secret);
        File.WriteAllText($"{secret}/secret", "secret");
        return secret;
    }

    private static void AssertUntouched(string secret)
    {
        Assert.Equal([$"{secret}/secret"], Directory.GetFileSystemEntries(secret));
        Assert.Equal("secret", File.ReadAllText($"{secret}/secret"));
    }
}
