namespace Podspawn.Oci.RuntimeTests.Networks;

/// <summary>Containers that are put on networks while they run, that share another's network, or one that somebody has made.</summary>
public class JoinedNetworkSpecs
{
    private const string Closed = "closed";

    // Prints what a server answers, for which it waits long: a busy machine takes its time.
    private static string Ask(string address, int port) => Ask(address, port, 30);

    // For what is not to answer it waits shortly.
    private static string Try(string address, int port) => Ask(address, port, 2);

    private static string Ask(string address, int port, int seconds) => $"nc -w {seconds} {address} {port} </dev/null 2>/dev/null | grep . || echo {Closed}";

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task A_container_is_put_on_a_network_and_taken_off_while_it_runs(string runtime)
    {
        await using NetworkHost host = await NetworkHost.Make();
        await host.Create("one", "--subnet", "10.7.1.0/24");
        await host.Create("two", "--subnet", "10.7.2.0/24");
        await host.ListenOutside(NetworkHost.Outside, 7000, "outside");
        await host.Serve(runtime, "web", "--network", "one", "-p", "8000:80");
        await host.Serve(runtime, "alien", "--network", "two", "--ip", "10.7.2.9");
        Assert.Equal($"{Closed}\n", (await host.Call("exec", "web", "sh", "-c", Try("10.7.2.9", 80))).Succeeded().Text);

        (await host.Call("network", "connect", "--alias", "front", "--ip", "10.7.2.7", "two", "web")).Succeeded();
        Assert.Equal("alien\n", (await host.Call("exec", "web", "sh", "-c", Ask("10.7.2.9", 80))).Succeeded().Text);
        Assert.Equal("web\n", (await host.Call("exec", "alien", "sh", "-c", Ask("front", 80))).Succeeded().Text);
        Assert.Equal("10.7.2.7", (await host.Call("inspect", "--format", "{{(index .NetworkSettings.Networks \"two\").IPAddress}}", "web")).Succeeded().Text.Trim());
        Assert.Contains("already connected", (await host.Call("network", "connect", "two", "web")).EndedWith(125).Error, StringComparison.Ordinal);
        Assert.Equal($"outside {NetworkHost.Own}\n", (await host.Call("exec", "web", "sh", "-c", Ask(NetworkHost.Outside, 7000))).Succeeded().Text);

        // Off the network that led out: the other one leads out then. It stays so over a stop and a start.
        (await host.Call("network", "disconnect", "one", "web")).Succeeded();
        Assert.Equal($"outside {NetworkHost.Own}\n", (await host.Call("exec", "web", "sh", "-c", Ask(NetworkHost.Outside, 7000))).Succeeded().Text);
        Assert.Contains("is not connected", (await host.Call("network", "disconnect", "one", "web")).EndedWith(125).Error, StringComparison.Ordinal);
        (await host.Call("restart", "--time", "0", "web")).Succeeded();
        Assert.Equal("two", (await host.Call("ps", "--filter", "name=web", "--format", "{{.Networks}}")).Succeeded().Text.Trim());
        Assert.Equal("alien\n", (await host.Call("exec", "web", "sh", "-c", Ask("alien", 80))).Succeeded().Text);

        // An internal one leads nowhere: without it the way out is what it was, though it was there first.
        await host.Create("inner", "--internal", "--subnet", "10.7.3.0/24");
        await host.Serve(runtime, "mixed", "--network", "inner,two");
        (await host.Call("network", "disconnect", "inner", "mixed")).Succeeded();
        Assert.Equal($"outside {NetworkHost.Own}\n", (await host.Call("exec", "mixed", "sh", "-c", Ask(NetworkHost.Outside, 7000))).Succeeded().Text);

        // Off the last one it has the loopback device alone, and can be put on another.
        (await host.Call("network", "disconnect", "two", "web")).Succeeded();
        Assert.Equal($"{Closed}\n", (await host.Call("exec", "web", "sh", "-c", Try("10.7.2.9", 80))).Succeeded().Text);
        (await host.Call("restart", "--time", "0", "web")).Succeeded();
        await Eventually.Holds("it serves itself", async () => (await host.Call("exec", "web", "sh", "-c", Ask("127.0.0.1", 80))).Text == "web\n");
        (await host.Call("network", "connect", "one", "web")).Succeeded();
        Assert.Equal("web\n", (await host.Run(runtime, ["--network", "one"], Ask("web", 80))).Succeeded().Text);
    }

    [Fact]
    public async Task Under_gvisor_it_is_put_on_a_network_where_it_does_not_run()
    {
        await using NetworkHost host = await NetworkHost.Make();
        await host.Create("one");
        await host.Create("two");
        await host.Serve("runsc", "web", "--network", "one");
        await host.Serve("runsc", "alien", "--network", "two");
        Assert.Contains("stop it first", (await host.Call("network", "connect", "two", "web")).EndedWith(125).Error, StringComparison.Ordinal);
        (await host.Call("stop", "--time", "0", "web")).Succeeded();
        (await host.Call("network", "connect", "two", "web")).Succeeded();
        (await host.Call("start", "web")).Succeeded();
        Assert.Equal("alien\n", (await host.Call("exec", "web", "sh", "-c", Ask("alien", 80))).Succeeded().Text);
        (await host.Call("run", "--detach", "--name", "closed", "--rootfs", Repository.Busybox, "sleep", "600")).Succeeded();
        Assert.Contains("made without a network", (await host.Call("network", "connect", "two", "closed")).EndedWith(125).Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task A_container_shares_the_network_of_another_one(string runtime)
    {
        await using NetworkHost host = await NetworkHost.Make();
        await host.Create("one", "--subnet", "10.7.1.0/24");
        await host.Serve(runtime, "web", "--network", "one", "--ip", "10.7.1.9");
        await host.Serve(runtime, "next", "--network", "one");
        Outcome joined = await host.Run(runtime, ["--network", "container:web", "--hostname", "guest"], $"{Ask("127.0.0.1", 80)}; {Ask("next", 80)}; grep guest /etc/hosts; hostname");
        Assert.Equal("web\nnext\n10.7.1.9\tguest ", joined.Succeeded().Text[.."web\nnext\n10.7.1.9\tguest ".Length]);
        Assert.EndsWith("\nguest\n", joined.Text, StringComparison.Ordinal);
        foreach ((string[] flags, string why) in new (string[], string)[]
        {
            (["--network", "container:web", "-p", "80"], "addresses and ports already"), (["--network", "container:nobody"], "no container"),
            (["--network", "container:web", "--sysctl", "net.ipv4.ip_forward=1"], "would change a network"), (["--network", "container:web", "--runtime", "runsc"], "joins none"),
        })
            Assert.Contains(why, (await host.Call(["run", "--runtime", runtime, "--rootfs", Repository.Busybox, .. flags, "true"])).EndedWith(125).Error, StringComparison.Ordinal);
        (await host.Call("stop", "--time", "0", "web")).Succeeded();
        Assert.Contains("does not run", (await host.Run(runtime, ["--network", "container:web"], "true")).EndedWith(125).Error, StringComparison.Ordinal);
        (await host.Call("run", "--detach", "--name", "open", "--network", "host", "--rootfs", Repository.Busybox, "sleep", "600")).Succeeded();
        Assert.Contains("has the host's network", (await host.Run(runtime, ["--network", "container:open"], "true")).EndedWith(125).Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_container_joins_a_namespace_that_somebody_has_made_but_not_the_hosts(string runtime)
    {
        await using NetworkHost host = await NetworkHost.Make();
        await host.Shell("""
            mkdir -p /run/netns-test && touch /run/netns-test/a /run/netns-test/own && ln -s a /run/netns-test/link
            unshare --net=/run/netns-test/a true && mount --bind /proc/self/ns/net /run/netns-test/own
            ip link add out0 type veth peer name in0 && ip addr add 10.8.0.1/24 dev out0 && ip link set out0 up
            ip link set in0 netns /run/netns-test/a
            nsenter --net=/run/netns-test/a sh -c 'ip addr add 10.8.0.2/24 dev in0 && ip link set in0 up && ip link set lo up'
            """);
        await host.Listen("10.8.0.1", 7000, "host");
        Assert.Equal("host 10.8.0.2\n", (await host.Run(runtime, ["--network", "ns:/run/netns-test/a"], Ask("10.8.0.1", 7000))).Succeeded().Text);
        foreach (string path in new[] { "/run/netns-test/own", "/proc/1/ns/net", "/proc/self/ns/net", "/run/netns-test/none", "/run/netns-test/link", "/etc/passwd", "/dev/null" })
            (await host.Run(runtime, ["--network", $"ns:{path}"], "true")).EndedWith(125);
        await host.Shell("umount /run/netns-test/a /run/netns-test/own && rm -r /run/netns-test");
    }

    [Fact]
    public async Task The_config_names_the_network_and_a_flag_wins_over_it()
    {
        await using NetworkHost host = await NetworkHost.Make();
        await host.Create("one", "--subnet", "10.7.1.0/24");
        using var directory = new TemporaryDirectory();
        string config = directory.Write("config.yaml", "security:\n  network: one\n");
        string[] run = ["run", "--runtime", "crun", "--config", config, "--rootfs", Repository.Busybox];
        Assert.Contains("10.7.1.", (await host.Call([.. run, "ip", "addr"])).Succeeded().Text, StringComparison.Ordinal);
        Assert.DoesNotContain("eth0", (await host.Call([.. run, "--network", "none", "ip", "addr"])).Succeeded().Text, StringComparison.Ordinal);
        Assert.Contains("one", (await host.Call("explain", "--config", config, "--rootfs", Repository.Busybox, "true")).Succeeded().Text, StringComparison.Ordinal);
        Outcome wrong = await host.Call("check", directory.Write("wrong.yaml", "security:\n  network: a/b\n"));
        Assert.Contains("wrong.yaml:2", wrong.Error + wrong.Text, StringComparison.Ordinal);
        Assert.Contains("is no network", wrong.Error + wrong.Text, StringComparison.Ordinal);
        Assert.Contains("network not found", (await host.Call("run", "--config", directory.Write("other.yaml", "security:\n  network: two\n"), "--rootfs", Repository.Busybox, "true"))
            .EndedWith(125).Error, StringComparison.Ordinal);
    }
}
