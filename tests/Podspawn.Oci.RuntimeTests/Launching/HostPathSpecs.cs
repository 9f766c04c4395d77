namespace Podspawn.Oci.RuntimeTests.Launching;

/// <summary>Only paths of the host that the user has named come into a container, whatever else names one.</summary>
public sealed class HostPathSpecs : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("podspawn-oci-").FullName;

    public HostPathSpecs()
    {
        Directory.CreateDirectory($"{directory}/bundle/data");
        File.WriteAllText($"{directory}/secret", "of the host\n");
        File.WriteAllText($"{directory}/bundle/data/file", "of the bundle\n");
        File.CreateSymbolicLink($"{directory}/bundle/link", directory);
        File.CreateSymbolicLink($"{directory}/bundle/etc", "/etc");
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    public static TheoryData<string, string> Mounts =>
        Matrix("/", "/etc", "/etc/shadow", "../../../../../../../etc", "..", "../secret", "link/secret", "etc/shadow", "/proc", "/proc/self/root", "/dev", "/run");

    public static TheoryData<string, string> Roots => Matrix("/", "/etc", "/usr", "/var", "/home", "/root", "/boot", "/dev", "/proc", "/proc/1/root",
        "/proc/self/cwd/../../../../../etc", "/sys", "/sys/kernel", "/run", "etc", "../../../../../etc", "/run/podspawn-oci", "/run/podspawn-oci/containers");

    [Theory]
    [MemberData(nameof(Mounts))]
    public async Task A_bundle_brings_in_nothing_of_the_host_by_itself(string runtime, string source)
    {
        await Bundle("rootfs", $$"""{"destination":"/x","type":"bind","source":"{{source}}","options":["rbind","ro"]}""");
        Outcome outcome = await PodspawnOci.Call(["run", "--runtime", runtime, "--bundle", $"{directory}/bundle", "--", "/bin/ls", "/x"]);
        Assert.Equal((125, ""), (outcome.Status, outcome.Text));
        Assert.Contains("ask for it yourself with --volume /", outcome.Error, StringComparison.Ordinal);
        outcome = await PodspawnOci.Call(["explain", "--runtime", runtime, "--bundle", $"{directory}/bundle"]);
        Assert.NotEqual(0, outcome.Status);
        Assert.Contains("lies outside of the bundle", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task What_the_user_asks_for_himself_and_what_the_bundle_holds_is_mounted(string runtime)
    {
        await Bundle("rootfs", """{"destination":"/x","type":"bind","source":"../secret","options":["bind","rw"]},{"destination":"/y","type":"bind","source":"data","options":["rbind"]}""");
        Outcome outcome = await PodspawnOci.Call(
            ["run", "--runtime", runtime, "--bundle", $"{directory}/bundle", "--volume", $"{directory}/secret:/x:ro", "--", "sh", "-c", "cat /x /y/file; echo changed > /x"]);
        Assert.Equal(["of the host", "of the bundle"], outcome.Lines);
        Assert.Equal("of the host\n", File.ReadAllText($"{directory}/secret"));
    }

    [Theory]
    [MemberData(nameof(Roots))]
    public async Task The_hosts_own_directories_are_no_root(string runtime, string root)
    {
        await Bundle(root, "");
        Outcome outcome = await PodspawnOci.Call(["run", "--runtime", runtime, "--bundle", $"{directory}/bundle", "--", "/bin/true"]);
        Assert.Equal((125, ""), (outcome.Status, outcome.Text));
        string path = Path.GetFullPath(root, $"{directory}/bundle");
        outcome = await PodspawnOci.Call(["run", "--runtime", runtime, "--rootfs-writable", "--rootfs", path, "--", "/bin/true"]);
        Assert.Equal((125, ""), (outcome.Status, outcome.Text));
        Assert.True(outcome.Error.Contains("root filesystem for a container", StringComparison.Ordinal)
            || outcome.Error.Contains("belongs to the store", StringComparison.Ordinal) || !Directory.Exists(path), outcome.Error);
        Assert.NotEqual(0, (await PodspawnOci.Call(["explain", "--runtime", runtime, "--rootfs", path])).Status);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task The_hosts_root_is_known_under_a_bind_mount_of_it_too(string runtime)
    {
        Directory.CreateDirectory($"{directory}/alias");
        Tool.Run("mount", "--bind", "/", $"{directory}/alias");
        try
        {
            Outcome outcome = await PodspawnOci.Call(["run", "--runtime", runtime, "--rootfs", $"{directory}/alias", "--", "/bin/true"]);
            Assert.Equal(125, outcome.Status);
            Assert.Contains("the host's own /", outcome.Error, StringComparison.Ordinal);
            outcome = await PodspawnOci.Call(["run", "--runtime", runtime, "--rootfs", $"{directory}/alias/etc", "--", "/bin/true"]);
            Assert.Equal(125, outcome.Status);
            Assert.Contains("the host's own /etc", outcome.Error, StringComparison.Ordinal);
        }
        finally
        {
            Tool.Run("umount", $"{directory}/alias");
        }
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_root_outside_of_its_bundle_is_told_of(string runtime)
    {
        await Bundle(Repository.Busybox, "");
        Outcome outcome = (await PodspawnOci.Call(["run", "--runtime", runtime, "--bundle", $"{directory}/bundle"])).Succeeded();
        Assert.Contains($"bundle.root: the root filesystem is the host's '{Repository.Busybox}'", outcome.Error, StringComparison.Ordinal);
        Outcome explained = (await PodspawnOci.Call(["explain", "--runtime", runtime, "--bundle", $"{directory}/bundle"])).Succeeded();
        Assert.Contains("outside of the bundle", explained.Text.ReplaceLineEndings(" ") + explained.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_volume_of_the_hosts_own_is_mounted_with_a_warning(string runtime)
    {
        Outcome outcome = (await PodspawnOci.Probe(runtime, ["-v", "/etc:/mnt/e:ro"], "ls", "/mnt/e/hostname")).Succeeded();
        Assert.Contains("volume at '/mnt/e': '/etc' is of the host's own /etc", outcome.Error, StringComparison.Ordinal);
        outcome = await PodspawnOci.Probe(runtime, ["-v", "/run/podspawn-oci:/mnt/s"], "true");
        Assert.Equal(125, outcome.Status);
        Assert.Contains("where images and containers are kept", outcome.Error, StringComparison.Ordinal);
    }

    public static TheoryData<string, string, bool> Links
    {
        get
        {
            var data = new TheoryData<string, string, bool>();
            foreach (string runtime in new[] { "runc", "crun", "runsc" })
            {
                foreach (string target in new[] { "dev", "proc", "sys" })
                {
                    data.Add(runtime, target, true);
                    data.Add(runtime, target, false);
                }
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Links))]
    public async Task A_root_whose_dev_proc_or_sys_becomes_a_link_is_not_started(string runtime, string target, bool writable)
    {
        string root = $"{directory}/rootfs";
        Tool.Run("cp", "--archive", Repository.Busybox, root);
        await using Detached container = await Detached.CreateShell(runtime, ["--rootfs", root, .. writable ? new[] { "--rootfs-writable" } : []], "echo ran");
        Directory.CreateDirectory($"{root}/elsewhere");
        if (Directory.Exists($"{root}/{target}"))
            Directory.Delete($"{root}/{target}", recursive: true);
        File.CreateSymbolicLink($"{root}/{target}", "elsewhere");
        Outcome outcome = await container.Call("start", "--attach", "{}");
        Assert.Equal((125, ""), (outcome.Status, outcome.Text));
        Assert.Contains("symbolic link", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries($"{root}/elsewhere"));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_root_that_becomes_a_link_to_another_directory_is_not_started(string runtime)
    {
        string root = $"{directory}/rootfs";
        Tool.Run("cp", "--archive", Repository.Busybox, root);
        await using Detached container = await Detached.CreateShell(runtime, ["--rootfs", root], "echo ran");
        Directory.Move(root, $"{directory}/moved");
        File.CreateSymbolicLink(root, "moved");
        Outcome outcome = await container.Call("start", "--attach", "{}");
        Assert.Equal((125, ""), (outcome.Status, outcome.Text));
        Assert.Contains("leads to", outcome.Error, StringComparison.Ordinal);
    }

    private static TheoryData<string, string> Matrix(params string[] paths)
    {
        var data = new TheoryData<string, string>();
        foreach (string runtime in new[] { "runc", "crun", "runsc" })
        {
            foreach (string path in paths)
                data.Add(runtime, path);
        }
        return data;
    }

    private async Task Bundle(string root, string mounts)
    {
        if (root == "rootfs")
            Tool.Run("cp", "--archive", Repository.Busybox, $"{directory}/bundle/rootfs");
        File.WriteAllText(
            $"{directory}/bundle/config.json",
            $$$"""
            {"ociVersion":"1.0.2","root":{"path":"{{{root}}}"},"mounts":[{{{mounts}}}],
             "process":{"args":["/bin/true"],"cwd":"/","env":["PATH=/bin"],"user":{"uid":0,"gid":0}},"linux":{"namespaces":[]}}
            """);
    }
}
