using System.Formats.Tar;

namespace Podspawn.Oci.RuntimeTests.Lifecycle;

/// <summary>
/// No link that a container creates leads a verb into the host's /proc, and no FIFO or device that it creates is opened. Opening one waits for ever,
/// so that a verb which does not end in time has failed.
/// </summary>
public sealed class KernelFileSpecs : IDisposable
{
    private const string Idle = "echo ready; exec sleep 1000";
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(20);

    private readonly string directory = Directory.CreateTempSubdirectory("podspawn-oci-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task No_link_leads_a_copy_to_the_kernels_own_files(string runtime)
    {
        await using Detached container = await Detached.RunShell(
            runtime, [], $"mkdir /log; ln -s /proc /res; ln -s ../proc/kmsg /log/last; ln -s /proc/kmsg /file; ln -s /sys/kernel /log/sys; {Idle}");
        await container.UntilWritten("ready");
        foreach (string path in new[] { "/res/kmsg", "/res/cpuinfo", "/log/sys/uevent_seqnum", "/res/" })
        {
            foreach (string target in new[] { "-", $"{directory}/out" })
                await Refused(container, "kernel's own files", "cp", "{}:" + path, target);
        }
        foreach (string path in new[] { "/file", "/log/last" })
            await Refused(container, "leads by a symbolic link to one of the kernel's own files", "cp", "-L", "{}:" + path, "-");
        Assert.Empty(Directory.GetFileSystemEntries(directory));
        // A directory with such links is copied as it is, and their targets are not read.
        (await Call(container, "cp", "{}:/log", $"{directory}/log")).Succeeded();
        Assert.Equal("../proc/kmsg", new FileInfo($"{directory}/log/last").LinkTarget);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task No_mount_of_a_containers_leads_a_copy_to_the_kernels_own_files(string runtime)
    {
        await using Detached container = await Detached.RunShell(
            runtime, ["--cap-add", "SYS_ADMIN", "--security-opt", "seccomp=unconfined"], $"touch /file; mount -o bind /proc/kmsg /file && {Idle}");
        await container.UntilWritten("ready");
        foreach (string target in new[] { "-", $"{directory}/out" })
            await Refused(container, "is one of the kernel's own files, which are copied from /proc/ and /sys/ alone", "cp", "{}:/file", target);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task One_of_the_kernels_own_files_is_copied_for_whoever_names_it(string runtime)
    {
        await using Detached container = await Detached.RunShell(runtime, [], Idle);
        await container.UntilWritten("ready");
        (await Call(container, "cp", "{}:/proc/1/status", $"{directory}/status")).Succeeded();
        Assert.Contains("Name:\tsleep", File.ReadAllText($"{directory}/status"), StringComparison.Ordinal);
        Outcome archive = (await Call(container, "cp", "{}:/proc/1/status", "-")).Succeeded();
        using var tar = new TarReader(new MemoryStream(archive.Output));
        Assert.Contains("Name:\tsleep", await new StreamReader((await tar.GetNextEntryAsync())!.DataStream!).ReadToEndAsync(), StringComparison.Ordinal);
        await Refused(container, "holds the kernel's own files; name one of them", "cp", "{}:/proc/1", $"{directory}/out");
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task Nothing_is_copied_to_where_the_kernels_own_files_are(string runtime)
    {
        File.WriteAllText($"{directory}/core_pattern", "|/evil");
        Directory.CreateDirectory($"{directory}/tree/made");
        string before = File.ReadAllText("/proc/sys/kernel/core_pattern");
        await using Detached container = await Detached.RunShell(runtime, [], $"ln -s /proc/sys/kernel /res; ln -s /sys/kernel /sysfs; {Idle}");
        await container.UntilWritten("ready");
        foreach (string path in new[] { "/res/", "/res/core_pattern", "/proc/sys/kernel", "/sysfs", "/dev/mqueue/x" })
            await Refused(container, "nothing is copied there", "cp", $"{directory}/core_pattern", "{}:" + path);
        await Refused(container, "nothing is copied there", "cp", $"{directory}/tree", "{}:/sysfs");
        Assert.Equal(before, File.ReadAllText("/proc/sys/kernel/core_pattern"));
    }

    [Theory]
    [InlineData("runc", "ln -s ../proc/kmsg /etc/passwd")]
    [InlineData("crun", "ln -s ../proc/kmsg /etc/passwd")]
    [InlineData("runc", "mkfifo /etc/passwd")]
    [InlineData("crun", "mkfifo /etc/passwd")]
    [InlineData("crun", "mkfifo /etc/fifo; ln -s fifo /etc/passwd")]
    [InlineData("crun", "mknod /etc/passwd c 1 5")]
    [InlineData("crun", "mv /etc /etc2; ln -s proc/1 /etc; ln -s /proc/kmsg /etc2/passwd")]
    [InlineData("runsc", "mknod /etc/passwd p")]
    [InlineData("runsc", "ln -s nowhere /etc/passwd; dd if=/dev/zero of=/etc/long bs=1M count=5; mv /etc/long /etc/passwd")]
    public async Task A_passwd_that_is_none_keeps_no_exec_waiting(string runtime, string trick)
    {
        await using Detached container = await Detached.RunShell(runtime, ["--cap-add", "MKNOD"], $"rm -f /etc/passwd; {trick}; {Idle}");
        await container.UntilWritten("ready");
        Outcome outcome = await Call(container, "exec", "-u", "nobody", "{}", "true");
        Assert.NotEqual(0, outcome.Status);
        Assert.NotEmpty(outcome.Error);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task An_export_opens_no_FIFO_and_follows_no_link(string runtime)
    {
        string fifo = runtime == "runsc" ? "" : "mkfifo /res/fifo; mknod /res/device c 1 5;";
        await using Detached container = await Detached.RunShell(runtime, ["--cap-add", "MKNOD"], $"mkdir /res; ln -s /proc/kmsg /res/log.txt; ln -s /proc /dir; {fifo} {Idle}");
        await container.UntilWritten("ready");
        foreach (bool isStopped in new[] { false, true })
        {
            if (isStopped)
                await container.Kill();
            (await Call(container, "export", "-o", $"{directory}/root.tar", "{}")).Succeeded();
            var kinds = new Dictionary<string, TarEntryType>();
            using var tar = new TarReader(File.OpenRead($"{directory}/root.tar"));
            while (await tar.GetNextEntryAsync() is { } entry)
                kinds[entry.Name.TrimEnd('/')] = entry.EntryType;
            Assert.Equal(TarEntryType.SymbolicLink, kinds["res/log.txt"]);
            Assert.Equal(TarEntryType.SymbolicLink, kinds["dir"]);
            Assert.DoesNotContain(kinds.Keys, name => name.StartsWith("dir/", StringComparison.Ordinal) || name.StartsWith("proc/", StringComparison.Ordinal));
            if (fifo.Length > 0)
                Assert.Equal((TarEntryType.Fifo, TarEntryType.CharacterDevice), (kinds["res/fifo"], kinds["res/device"]));
        }
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_root_filesystem_with_traps_is_copied_as_a_layer_without_being_opened(string runtime)
    {
        string root = $"{directory}/root";
        Directory.CreateDirectory($"{root}/bin");
        Directory.CreateDirectory($"{root}/etc");
        File.Copy($"{Repository.Busybox}/bin/busybox", $"{root}/bin/busybox");
        File.CreateSymbolicLink($"{root}/bin/sh", "busybox");
        File.CreateSymbolicLink($"{root}/log.txt", "/proc/kmsg");
        // gVisor does not even allow stat of a FIFO in the root filesystem.
        if (runtime != "runsc")
            HostFiles.Fifo($"{root}/fifo");
        Tool.Run("mknod", $"{root}/log", "c", "1", "11");
        Outcome outcome = await PodspawnOci.Call(
            ["run", "--runtime", runtime, "--storage-driver", "copy", "--rootfs", root, "--", "sh", "-c", $"{(runtime == "runsc" ? ""
                : "busybox test -p /fifo && ")}busybox test -c /log && busybox readlink /log.txt"], limit: AtOnce);
        Assert.Equal("/proc/kmsg\n", outcome.Succeeded().Text);
    }

    [Fact]
    public async Task A_root_filesystem_whose_passwd_is_a_FIFO_is_refused_at_once()
    {
        Directory.CreateDirectory($"{directory}/root/etc");
        HostFiles.Fifo($"{directory}/root/etc/passwd");
        Outcome outcome = await PodspawnOci.Call(["run", "--rootfs", $"{directory}/root", "--", "true"], limit: AtOnce);
        Assert.Equal(125, outcome.Status);
        Assert.Contains("/etc/passwd: is not a regular file", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_copy_to_the_host_follows_no_link_of_another_users()
    {
        Directory.CreateDirectory($"{directory}/mine");
        Directory.CreateDirectory($"{directory}/theirs");
        foreach ((string link, string target) in new[] { ("file", "../mine/file"), ("dir", "../mine") })
        {
            File.CreateSymbolicLink($"{directory}/theirs/{link}", target);
            HostFiles.Own($"{directory}/theirs/{link}", 4711, 4711);
        }
        await using Detached container = await Detached.RunShell("crun", [], Idle);
        await container.UntilWritten("ready");
        foreach (string target in new[] { "file", "dir", "dir/", "dir/new" })
            await Refused(container, "a symbolic link of another user's", "cp", "{}:/etc/passwd", $"{directory}/theirs/{target}");
        Assert.Empty(Directory.GetFileSystemEntries($"{directory}/mine"));
        HostFiles.Own($"{directory}/theirs/dir", 0, 0);
        (await Call(container, "cp", "{}:/etc/passwd", $"{directory}/theirs/dir/new")).Succeeded();
        Assert.Equal([$"{directory}/mine/new"], Directory.GetFileSystemEntries($"{directory}/mine"));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task A_FIFO_where_the_runtime_looks_users_up_makes_no_container_unstoppable(string runtime)
    {
        foreach (string file in new[] { "passwd", "group" })
        {
            await using Detached container = await Detached.RunShell(runtime, [], $"rm -f /etc/{file}; mkfifo /etc/{file}; {Idle}");
            await container.UntilWritten("ready");
            foreach (string[] verb in new string[][] { ["exec", "{}", "true"], ["exec", "-d", "{}", "true"], ["restart", "--time", "0", "{}"] })
            {
                Outcome refused = await Call(container, verb);
                Assert.NotEqual(0, refused.Status);
                Assert.Contains($"/etc/{file}: is not a regular file", refused.Error, StringComparison.Ordinal);
            }
            (await Call(container, "rm", "--force", "{}")).Succeeded();

            await using Detached restarted = await Detached.RunShell(runtime, ["--restart", "always"], $"rm -f /etc/{file}; mkfifo /etc/{file}; exit 1");
            await Eventually.Holds("the restart was given up", async () =>
                (await Call(restarted, "inspect", "{}")).Text.Contains("is not a regular file", StringComparison.Ordinal));
            (await Call(restarted, "rm", "--force", "{}")).Succeeded();
        }
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_link_that_was_copied_out_says_not_where_the_next_copy_goes(string runtime)
    {
        Directory.CreateDirectory($"{directory}/out");
        await using Detached container = await Detached.RunShell(runtime, [],
            $"ln -s {directory}/planted /log; ln -s {directory} /logs; mkdir /dir; echo evil > /dir/evil; {Idle}");
        await container.UntilWritten("ready");
        (await Call(container, "cp", "{}:/log", $"{directory}/out/log")).Succeeded();
        (await Call(container, "cp", "{}:/logs", $"{directory}/out/logs")).Succeeded();
        foreach (string source in new[] { "/dir/evil", "/dir", "/dir/." })
        {
            await Refused(container, "is a symbolic link", "cp", $"{{}}:{source}", $"{directory}/out/log");
            await Refused(container, "is a symbolic link", "cp", $"{{}}:{source}", $"{directory}/out/logs");
        }
        Assert.False(File.Exists($"{directory}/planted"));
        Assert.False(File.Exists($"{directory}/evil"));
    }

    [Fact]
    public async Task A_pid_file_is_written_and_removed_through_no_link_of_another_users()
    {
        Directory.CreateDirectory($"{directory}/mine");
        File.CreateSymbolicLink($"{directory}/dir", "mine");
        HostFiles.Own($"{directory}/dir", 4711, 4711);
        string name = $"pidfile-{Guid.NewGuid():N}"[..20];
        Outcome refused = await PodspawnOci.Call(
            ["run", "-d", "--name", name, "--runtime", "crun", "--pid-file", $"{directory}/dir/pid", "--rootfs", Repository.Busybox, "--", "sleep", "1000"], limit: AtOnce);
        await PodspawnOci.Call(["rm", "--force", name]);
        Assert.NotEqual(0, refused.Status);
        Assert.Contains("--pid-file", refused.Error, StringComparison.Ordinal);
        Assert.Contains("a symbolic link of another user's", refused.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries($"{directory}/mine"));
    }

    private static Task<Outcome> Call(Detached container, params string[] arguments) =>
        PodspawnOci.Call([.. arguments.Select(word => word.Replace("{}", container.Name, StringComparison.Ordinal))], limit: AtOnce);

    private static async Task Refused(Detached container, string why, params string[] arguments)
    {
        Outcome outcome = await Call(container, arguments);
        Assert.True(outcome.Status == 125, $"{string.Join(' ', arguments)}: exit status {outcome.Status}\n{outcome.Error}");
        Assert.Contains(why, outcome.Error, StringComparison.Ordinal);
        Assert.Empty(outcome.Output);
    }
}
