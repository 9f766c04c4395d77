namespace Podspawn.Oci.RuntimeTests.Launching;

/// <summary>A user database behind links inside the root filesystem, as in images whose /etc lies in a store, is found as the container would find it.</summary>
public sealed class UserLinkSpecs : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    // What becomes of the probe's /etc.
    private static readonly string[] Arrangements =
    [
        "mkdir -p nix/store && mv etc nix/store/x-etc && ln -s /nix/store/x-etc etc",
        "mkdir -p nix/store && mv etc nix/store/x-etc && ln -s nix/store/x-etc etc",
        "mkdir -p nix/store && mv etc nix/store/x-etc && ln -s ../../../../nix/store/x-etc etc",
        "mkdir -p nix && mv etc/passwd etc/group nix && ln -s /nix/passwd etc/passwd && ln -s ../nix/group etc/group",
        "mkdir -p nix && mv etc/passwd nix/users && ln -s users nix/link && ln -s /nix/link etc/passwd",
    ];

    public static TheoryData<string, string> All()
    {
        var all = new TheoryData<string, string>();
        foreach (string runtime in new[] { "runc", "crun", "runsc" })
        {
            foreach (string arrangement in Arrangements)
                all.Add(runtime, arrangement);
        }
        return all;
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Names_numbers_groups_and_homes_are_found(string runtime, string arrangement)
    {
        string[] root = ["--rootfs", Root(arrangement)];
        foreach (string user in new[] { "app", "1000" })
        {
            Outcome outcome = (await PodspawnOci.Call(["run", "--runtime", runtime, .. root, "-u", user, "--", "sh", "-c", "id -u; grep ^Groups: /proc/self/status; echo $HOME"])).Succeeded();
            Assert.Equal(["1000", "Groups: 1000 2000", "/home/app"], Told(outcome));
        }
        await using Detached kept = await Detached.Run(runtime, root, "sleep", "600");
        foreach (string user in new[] { "app", "1000" })
        {
            Outcome outcome = (await kept.Exec(["-u", user], "sh", "-c", "id -u; grep ^Groups: /proc/self/status; echo $HOME")).Succeeded();
            Assert.Equal(["1000", "Groups: 1000 2000", "/home/app"], Told(outcome));
        }
        Outcome stranger = await kept.Exec(["-u", "nobody-here"], "true");
        Assert.Equal(125, stranger.Status);
        Assert.Contains("no user 'nobody-here'", stranger.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Links_at_the_hosts_files_find_nothing(string runtime)
    {
        string root = Root("rm etc/passwd && ln -s /root/../../../../../../etc/passwd.host etc/passwd && rm etc/group && ln -s /proc/self/root/etc/group etc/group");
        string[] flags = ["run", "--runtime", runtime, "--rootfs", root];
        Assert.Equal("1000\n", (await PodspawnOci.Call([.. flags, "-u", "1000", "--", "id", "-u"])).Succeeded().Text);
        Outcome named = await PodspawnOci.Call([.. flags, "-u", "root", "--", "id", "-u"]);
        Assert.Equal(125, named.Status);
        Assert.Contains("no user 'root'", named.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task One_of_the_kernels_links_leads_no_exec_out(string runtime)
    {
        await using Detached kept = await Detached.Run(runtime, ["--rootfs", Root("rm etc/passwd && ln -s /proc/1/root/etc/group etc/passwd")], "sleep", "600");
        Outcome outcome = await kept.Exec(["-u", "app"], "true");
        Assert.Equal(125, outcome.Status);
        Assert.Contains("/etc/passwd is a symbolic link that leads in a circle, or through /proc", outcome.Error, StringComparison.Ordinal);
    }

    private string Root(string arrangement)
    {
        string root = $"{directory.Path}/root";
        Tool.Run("cp", "-a", Repository.Probe, root);
        Tool.Run("sh", "-c", $"cd '{root}' && {arrangement}");
        return root;
    }

    private static IEnumerable<string> Told(Outcome outcome) => outcome.Lines.Select(line => string.Join(' ', line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)));
}
