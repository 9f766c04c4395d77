namespace Podspawn.Oci.RuntimeTests.Translation;

/// <summary>A process has its own group among its supplementary ones, whoever it is and however it was started (CVE-2022-36109).</summary>
public sealed class GroupSpecs : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    private static readonly (string? User, string Groups)[] Users =
        [(null, "0"), ("root", "0"), ("0:0", "0"), ("0:55", "55"), ("app", "1000 2000"), ("1000", "1000 2000"), ("app:extra", "2000"), ("1234", "0"), ("1234:1234", "1234"), (":55", "55")];

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task The_first_process_has_it(string runtime)
    {
        foreach ((string? user, string groups) in Users)
            Assert.Equal(groups, Groups(await PodspawnOci.Probe(runtime, user is null ? [] : ["-u", user], "grep", "^Groups:", "/proc/self/status")));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task One_that_exec_brings_in_has_it(string runtime)
    {
        await using Detached kept = await Detached.Waiting(runtime, "-u", "1234:1234");
        Assert.Equal("1234", Groups(await kept.Exec([], "grep", "^Groups:", "/proc/self/status")));
        Assert.Equal("1234", Groups(await kept.Exec([], "grep", "^Groups:", "/proc/1/status")));
        foreach ((string? user, string groups) in Users.Where(one => one.User is not null))
            Assert.Equal(groups, Groups(await kept.Exec(["-u", user!], "grep", "^Groups:", "/proc/self/status")));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task That_of_a_bundle_has_it(string runtime)
    {
        Directory.CreateSymbolicLink($"{directory.Path}/rootfs", Repository.Probe);
        foreach ((string user, string groups) in new[]
        {
            ("""{"uid":1234,"gid":1235}""", "1235"),
            ("""{"uid":0,"gid":0}""", "0"),
            ("""{"uid":1234,"gid":1235,"additionalGids":[7,8]}""", "7 8 1235"),
        })
        {
            directory.Write("config.json", $$$"""
                {"ociVersion":"1.0.2","root":{"path":"rootfs"},"process":{"args":["grep","^Groups:","/proc/self/status"],"cwd":"/","env":["PATH=/bin"],"user":{{{user}}}},
                 "mounts":[],"linux":{"namespaces":[]}}
                """);
            Assert.Equal(groups, Groups(await PodspawnOci.Call(["run", "--runtime", runtime, "--bundle", directory.Path])));
        }
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task What_a_group_is_refused_no_set_group_id_program_reads(string runtime)
    {
        string secret = directory.Write("secret", "told\n");
        Tool.Run("chown", "0:1234", secret);
        Tool.Run("chmod", "604", secret);
        Tool.Run("chmod", "755", directory.Path);
        Tool.Run("cp", $"{Repository.Debian}/usr/bin/cat", $"{directory.Path}/cat");
        Tool.Run("chown", "0:2000", $"{directory.Path}/cat");
        Tool.Run("chmod", "2755", $"{directory.Path}/cat");
        string[] flags = ["--rootfs", Repository.Debian, "-v", $"{directory.Path}:/mnt/d", "--security-opt", "no-new-privileges=false"];
        Outcome stranger = (await PodspawnOci.Call(["run", "--runtime", runtime, .. flags, "-u", "1234:5678", "--", "/mnt/d/cat", "/mnt/d/secret"])).Succeeded();
        Assert.Equal("told\n", stranger.Text);
        Outcome member = await PodspawnOci.Call(["run", "--runtime", runtime, .. flags, "-u", "1234:1234", "--", "/mnt/d/cat", "/mnt/d/secret"]);
        Assert.Equal((1, ""), (member.Status, member.Text));
        await using Detached kept = await Detached.Run(runtime, [.. flags, "-u", "1234:1234"], "sleep", "600");
        Assert.Equal(1, (await kept.Exec([], "/mnt/d/cat", "/mnt/d/secret")).Status);
        Assert.Equal(1, (await kept.Exec(["-u", "99:1234"], "/mnt/d/cat", "/mnt/d/secret")).Status);
        Assert.Equal("told\n", (await kept.Exec(["-u", "99:5678"], "/mnt/d/cat", "/mnt/d/secret")).Succeeded().Text);
    }

    // "Groups:\t1000 2000 ", with more blanks under gVisor; runc and crun leave the order to the kernel, which sorts them.
    private static string Groups(Outcome outcome) => string.Join(' ', outcome.Succeeded().Text["Groups:".Length..].Split([' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries)
        .Select(text => uint.Parse(text, System.Globalization.CultureInfo.InvariantCulture)).Order());
}
