namespace Podspawn.Oci.RuntimeTests.Launching;

/// <summary>Slashes that mean nothing are cleaned, and links at a mount point are followed inside the root where that is safe.</summary>
public sealed class PathSpecs : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public PathSpecs()
    {
        directory.Write("volume/file", "mine\n");
        Tool.Run("chmod", "-R", "a+rX", directory.Path);
    }

    public void Dispose() => directory.Dispose();

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Slashes_at_the_end_and_in_the_middle_change_nothing(string runtime)
    {
        string volume = $"{directory.Path}/volume";
        foreach (string[] flags in new string[][]
        {
            ["-v", $"{volume}/:/mnt/m"], ["-v", $"{volume}:/mnt/m/"], ["-v", $"{volume}//.:/mnt//m/."], ["-v", $"{volume}/file:/mnt/m/file/"], ["-w", "/etc//", "-v", $"{volume}:/mnt/m/:ro"],
        })
        {
            Assert.Equal("mine\n", (await PodspawnOci.Probe(runtime, flags, "cat", "/mnt/m/file")).Succeeded().Text);
        }
        foreach (string relative in new[] { "./", ".", "../volume/" })
        {
            Outcome run = await PodspawnOci.Call(["run", "--runtime", runtime, "--rootfs", Repository.Probe, "-v", $"{relative}:/mnt/m", "--", "cat", "/mnt/m/file"], directory: volume);
            Assert.Equal("mine\n", run.Succeeded().Text);
        }
        string config = directory.Write("config.yaml", "security:\n  tmpfs:\n    /tmp/: size=1m\n  masked_paths: [/proc/acpi/, //proc/kcore]\n");
        Outcome mounts = (await PodspawnOci.Probe(runtime, ["--config", config, "--tmpfs", "/mnt//m/:size=2m"], "sh", "-c", "cut -d' ' -f2 /proc/mounts")).Succeeded();
        Assert.Contains("/tmp", mounts.Lines);
        Assert.Contains("/mnt/m", mounts.Lines);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_flag_replaces_the_same_path_of_the_file_however_either_is_written(string runtime)
    {
        string config = directory.Write("config.yaml", "security:\n  tmpfs:\n    /mnt//m: size=1m\n");
        Outcome run = (await PodspawnOci.Probe(runtime, ["--config", config, "--tmpfs", "/mnt/m/:size=2m"], "sh", "-c", "grep -c ' /mnt/m ' /proc/mounts; df -k /mnt/m | tail -1 | awk '{print $2}'"))
            .Succeeded();
        Assert.Equal(["1", "2048"], run.Lines);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_volume_on_a_link_goes_to_where_it_leads_inside_the_root(string runtime)
    {
        string root = $"{directory.Path}/root";
        Tool.Run("cp", "-a", Repository.Probe, root);
        Tool.Run("sh", "-c", $"cd '{root}' && mkdir -p srv/there && ln -s /srv/there there && ln -s ../../../srv/missing/deeper missing && ln -s /proc/self/fd/7 out");
        string[] flags = ["run", "--runtime", runtime, "--rootfs", root, "-v"];
        Assert.Equal("mine\n", (await PodspawnOci.Call([.. flags, $"{directory.Path}/volume:/there", "--", "cat", "/srv/there/file"])).Succeeded().Text);
        Assert.Equal("mine\nmine\n", (await PodspawnOci.Call([.. flags, $"{directory.Path}/volume:/missing/", "--", "cat", "/srv/missing/deeper/file", "/missing/file"])).Succeeded().Text);
        // A link is followed by no more than the root: nothing was made on the host.
        Assert.False(Directory.Exists("/srv/missing"));
        Outcome refused = await PodspawnOci.Call([.. flags, $"{directory.Path}/volume:/out", "--", "true"]);
        Assert.Equal(125, refused.Status);
        Assert.Contains("/out is a symbolic link to what the root filesystem does not have", refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_bundles_paths_are_cleaned_too(string runtime)
    {
        Directory.CreateSymbolicLink($"{directory.Path}/rootfs", Repository.Probe);
        directory.Write("config.json", """
            {"ociVersion":"1.0.2","root":{"path":"rootfs"},"process":{"args":["sh","-c","cat /mnt/v/file; grep -c ' /mnt/t ' /proc/mounts"],"cwd":"/","env":["PATH=/bin"],"user":{"uid":0,"gid":0}},
             "mounts":[{"destination":"/mnt//v/","type":"bind","source":"volume/","options":["bind"]},{"destination":"/mnt/t/","type":"tmpfs","options":["size=1m"]},
               {"destination":"/proc/","type":"proc","source":"proc"}],"linux":{"namespaces":[]}}
            """);
        Assert.Equal(["mine", "1"], (await PodspawnOci.Call(["run", "--runtime", runtime, "--bundle", directory.Path])).Succeeded().Lines);
    }
}
