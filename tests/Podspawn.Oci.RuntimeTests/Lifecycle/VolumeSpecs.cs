using System.Text.Json;

namespace Podspawn.Oci.RuntimeTests.Lifecycle;

/// <summary>Volumes on every runtime: made, filled, shared, held and removed.</summary>
[Collection(nameof(Alone))]
public sealed class VolumeSpecs : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly string volume = $"v{Guid.NewGuid():N}"[..20];

    public void Dispose()
    {
        PodspawnOci.Call(["volume", "rm", "--force", volume]).GetAwaiter().GetResult();
        directory.Dispose();
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task What_one_container_writes_to_a_volume_another_one_reads(string runtime)
    {
        (await PodspawnOci.Probe(runtime, ["-v", $"{volume}:/data"], "sh", "-c", "echo kept > /data/file")).Succeeded();
        Assert.Equal("kept\n", (await PodspawnOci.Probe(runtime, ["--mount", $"type=volume,source={volume},target=/elsewhere,readonly"], "cat", "/elsewhere/file")).Succeeded().Text);
        Assert.NotEqual(0, (await PodspawnOci.Probe(runtime, ["-v", $"{volume}:/data:ro"], "sh", "-c", "echo x > /data/other")).Status);
        Outcome inspected = (await PodspawnOci.Call(["volume", "inspect", volume])).Succeeded();
        string mountpoint = JsonDocument.Parse(inspected.Output).RootElement[0].GetProperty("Mountpoint").GetString()!;
        Assert.Equal("kept\n", File.ReadAllText($"{mountpoint}/file"));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_new_volume_has_what_the_root_has_there_also_under_a_read_only_one(string runtime)
    {
        string root = $"{directory.Path}/root";
        Tool.Run("cp", "-a", Repository.Busybox, root);
        Tool.Run("sh", "-c", $"mkdir -p '{root}/data' && echo there >'{root}/data/file' && ln -s /etc/passwd '{root}/data/link' && chown -R 1234:4321 '{root}/data'");
        string[] run = ["run", "--runtime", runtime, "--read-only", "--rootfs", root, "-u", "1234"];
        Assert.Equal("there\nmore\n", (await PodspawnOci.Call([.. run, "-v", $"{volume}:/data", "sh", "-c", "echo more >>/data/file; cat /data/file"])).Succeeded().Text);
        Assert.Equal("there\nmore\n", (await PodspawnOci.Call([.. run, "-v", $"{volume}:/data", "cat", "/data/file"])).Succeeded().Text);
        Assert.Equal("there\n", File.ReadAllText($"{root}/data/file"));
        Outcome empty = (await PodspawnOci.Call([.. run, "--mount", "target=/data,volume-nocopy", "ls", "-A", "/data"])).Succeeded();
        Assert.Empty(empty.Text);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_volume_without_a_name_goes_with_a_container_in_the_foreground_and_with_rm_and_its_flag(string runtime)
    {
        string[] before = await Volumes();
        (await PodspawnOci.Probe(runtime, ["-v", "/data"], "sh", "-c", "echo x > /data/file")).Succeeded();
        Assert.Equal(before, await Volumes());
        await using (Detached kept = await Detached.Run(runtime, ["-v", "/data"], "sh", "-c", "echo x > /data/file"))
        {
            await kept.UntilStatus("exited");
            string made = Assert.Single((await Volumes()).Except(before));
            await kept.Do("start");
            await kept.UntilStatus("exited");
            Assert.Equal(2, (await PodspawnOci.Call(["volume", "rm", made])).Status);
            await kept.Do("rm", "--volumes", "--force");
        }
        Assert.Equal(before, await Volumes());
        await using (Detached removed = await Detached.Run(runtime, ["--rm", "-v", "/data"], "true"))
            await Eventually.Holds("its volume goes with its end", async () => (await Volumes()).SequenceEqual(before));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_volume_is_held_while_a_container_has_it_and_no_longer(string runtime)
    {
        await using (Detached kept = await Detached.Create(runtime, ["-v", $"{volume}:/data"], "sh", "-c", "echo again >> /data/file"))
        {
            await Held(kept);
            await kept.Do("start");
            await kept.Do("wait");
            await Held(kept);
            await kept.Do("restart");
            await kept.Do("wait");
            Assert.Equal("again\nagain\n", (await PodspawnOci.Probe(runtime, ["--volumes-from", $"{kept.Name}:ro"], "cat", "/data/file")).Succeeded().Text);
            JsonElement mount = (await kept.Inspect()).GetProperty("Mounts")[0];
            Assert.Equal(("volume", volume, "/data", true), (
                mount.GetProperty("Type").GetString(), mount.GetProperty("Name").GetString(), mount.GetProperty("Destination").GetString(), mount.GetProperty("RW").GetBoolean()));
        }
        Assert.Equal(volume, (await PodspawnOci.Call(["volume", "rm", volume])).Succeeded().Lines.Single());
        Assert.Equal(1, (await PodspawnOci.Call(["volume", "rm", volume])).Status);
        (await PodspawnOci.Call(["volume", "rm", "--force", volume])).Succeeded();
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_container_that_puts_links_into_a_volume_leads_nobody_out(string runtime)
    {
        directory.Write("secret", "of the host");
        string script = $"ln -s {directory.Path} /data/out; ln -s / /data/root; ln -s /etc/passwd /data/passwd; rm -rf /data/sub; ln -s {directory.Path} /data/sub";
        (await PodspawnOci.Probe(runtime, ["-v", $"{volume}:/data"], "sh", "-c", script)).Succeeded();
        // What is mounted below it is made inside the container, whatever the container has put there.
        Outcome below = await PodspawnOci.Probe(runtime, ["-v", $"{volume}:/data", "-v", "/data/sub"], "sh", "-c", "echo written > /data/sub/file");
        Assert.Equal(["secret"], Directory.GetFileSystemEntries(directory.Path).Select(Path.GetFileName));
        Assert.NotEqual(127, below.Status);
        (await PodspawnOci.Probe(runtime, ["-u", "1234:1234", "-v", $"{volume}:/data:U"], "true")).Succeeded();
        Assert.Equal("0:0 0:0", Tool.Run("stat", "-c", "%u:%g", directory.Path, "/etc/passwd").Trim().Replace('\n', ' '));
        Assert.Equal("of the host", File.ReadAllText($"{directory.Path}/secret"));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task With_U_the_containers_user_writes_where_it_could_not(string runtime)
    {
        directory.Make("shared/sub");
        directory.Write("shared/file", "");
        string[] flags = ["-u", "1234:4321", "-v", $"{directory.Path}/shared:/data:U,z"];
        (await PodspawnOci.Probe(runtime, flags, "sh", "-c", "echo x > /data/file && echo x > /data/sub/new")).Succeeded();
        Outcome refused = await PodspawnOci.Probe(runtime, ["-u", "1234", "-v", "/etc:/data:U"], "true");
        Assert.Equal(125, refused.Status);
        Assert.Contains("host's own", refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_mount_of_a_tmpfs_has_its_size_and_no_programs(string runtime)
    {
        Outcome run = (await PodspawnOci.Probe(runtime, ["--mount", "type=tmpfs,target=/mnt/t,tmpfs-size=2m,tmpfs-mode=0700"], "sh", "-c", "df -k /mnt/t | tail -1 | awk '{print $2}'")).Succeeded();
        Assert.Equal("2048", run.Lines.Single());
        foreach (string[] twice in new string[][] { ["--tmpfs", "/mnt/t", "--tmpfs", "/mnt/t/"], ["--tmpfs", "/mnt/t", "-v", "/mnt/t/"], ["-v", "/mnt/t", "-v", "/etc:/mnt//t"] })
            Assert.Equal(125, (await PodspawnOci.Probe(runtime, twice, "true")).Status);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task A_volume_has_no_set_user_id_programs_and_no_devices_unless_they_are_asked_for(string runtime)
    {
        Assert.Contains("nosuid,nodev", await FlagsOf(runtime, $"{volume}:/data"), StringComparison.Ordinal);
        Assert.DoesNotContain("nosuid", await FlagsOf(runtime, $"{volume}:/data:suid"), StringComparison.Ordinal);
        Assert.Contains("noexec", await FlagsOf(runtime, $"{volume}:/data:noexec"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Copies_go_into_the_volume_of_a_container_that_does_not_run()
    {
        await using Detached kept = await Detached.Create("runc", ["-v", $"{volume}:/data"], "cat", "/data/file");
        string file = directory.Write("file", "brought\n");
        (await PodspawnOci.Call(["cp", file, $"{kept.Name}:/data/"])).Succeeded();
        Assert.Equal("brought\n", (await PodspawnOci.Call(["start", "--attach", kept.Name])).Succeeded().Text);
        (await PodspawnOci.Call(["cp", $"{kept.Name}:/data/file", $"{directory.Path}/back"])).Succeeded();
        Assert.Equal("brought\n", File.ReadAllText($"{directory.Path}/back"));
    }

    [Fact]
    public async Task Bad_words_leave_no_volume_behind()
    {
        string[] before = await Volumes();
        foreach (string[] flags in new string[][]
        {
            ["-v", $"{volume}:/data", "-v", "/no/such:/x"], ["-v", "/data", "-v", $"{volume}:/data:zz"], ["-v", $"{volume}:/proc/x"], ["-v", $"{volume}:/data", "--volumes-from", "nobody"],
            ["--mount", $"type=volume,source={volume},target=/data,volume-opt=type=nfs"], ["-v", $"{volume}:/etc/passwd"],
        })
        {
            Assert.Equal(125, (await PodspawnOci.Probe("crun", flags, "true")).Status);
            Assert.Equal(125, (await PodspawnOci.Call(["create", "--rootfs", Repository.Busybox, .. flags, "true"])).Status);
        }
        Assert.Equal(before, await Volumes());
    }

    [Fact]
    public async Task A_volume_is_of_the_data_directory_and_held_by_containers_of_every_state_directory()
    {
        await using World other = await World.Make(ownData: false);
        (await other.Call("create", "--name", "far", "--rootfs", Repository.Busybox, "-v", $"{volume}:/data", "true")).Succeeded();
        Outcome refused = await PodspawnOci.Call(["volume", "rm", volume]);
        Assert.Equal(2, refused.Status);
        Assert.Contains("another state directory", refused.Error, StringComparison.Ordinal);
        (await other.Call("rm", "far")).Succeeded();
        (await PodspawnOci.Call(["volume", "rm", volume])).Succeeded();
    }

    private static async Task<string[]> Volumes() => (await PodspawnOci.Call(["volume", "ls", "--quiet"])).Succeeded().Lines;

    private static async Task<string> FlagsOf(string runtime, string volume) =>
        (await PodspawnOci.Probe(runtime, ["-v", volume], "sh", "-c", "grep ' /data ' /proc/self/mounts | cut -d' ' -f4")).Succeeded().Text;

    private async Task Held(Detached kept)
    {
        Outcome refused = await PodspawnOci.Call(["volume", "rm", "--force", volume]);
        Assert.Equal(2, refused.Status);
        Assert.Contains(kept.Id, refused.Error, StringComparison.Ordinal);
    }
}
