using System.Text.Json;

namespace Podspawn.Oci.RuntimeTests.Networks;

/// <summary>Containers on networks: they reach each other by name and the world by the host, ports lead to them, and nothing else does.</summary>
public class NetworkSpecs
{
    private const string Closed = "closed";

    // Prints what a server answers, for which it waits long: a busy machine takes its time.
    private static string Ask(string address, int port) => Ask(address, port, 30);

    // For what is not to answer it waits shortly.
    private static string Try(string address, int port) => Ask(address, port, 2);

    private static string Ask(string address, int port, int seconds) => $"nc -w {seconds} {address} {port} </dev/null 2>/dev/null | grep . || echo {Closed}";

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Containers_reach_each_other_by_name_and_the_world_and_nothing_of_the_host(string runtime)
    {
        await using NetworkHost host = await NetworkHost.Make();
        await host.Create("one", "--subnet", "10.7.1.0/24");
        await host.Create("two", "--subnet", "10.7.2.0/24");
        await host.Listen("0.0.0.0", 7000, "host");
        await host.Listen("127.0.0.1", 7001, "loopback");
        await host.ListenOutside(NetworkHost.Outside, 7000, "outside");
        await host.Serve(runtime, "web", "--network", "one", "--ip", "10.7.1.9", "--hostname", "front", "--network-alias", "www");
        await host.Serve(runtime, "alien", "--network", "two", "--ip", "10.7.2.9");

        string id = (await host.Call("inspect", "--format", "{{.Id}}", "web")).Succeeded().Text[..12];
        foreach (string name in new[] { "web", "front", "www", id, "10.7.1.9" })
            Assert.Equal("web\n", (await host.Run(runtime, ["--network", "one"], Ask(name, 80))).Succeeded().Text);
        // The source is the host's address: what leaves the network is the host's.
        Assert.Equal($"outside {NetworkHost.Own}\n", (await host.Run(runtime, ["--network", "one"], Ask(NetworkHost.Outside, 7000))).Succeeded().Text);
        foreach ((string address, int port) in new[] { ("10.7.1.1", 7000), (NetworkHost.Own, 7000), ("10.7.2.1", 7000), ("127.0.0.1", 7001), ("10.7.2.9", 80), ("alien", 80) })
            Assert.Equal($"{Closed}\n", (await host.Run(runtime, ["--network", "one"], Try(address, port))).Succeeded().Text);
        // The server of names is the only thing of the host that answers; the host itself reaches its containers.
        Assert.Contains("10.7.1.9", (await host.Run(runtime, ["--network", "one"], "nslookup web 10.7.1.1")).Text, StringComparison.Ordinal);
        Assert.Equal("web", await host.Ask("10.7.1.9", 80));

        // On both networks it reaches both, and is no way from one to the other.
        await host.Serve(runtime, "both", "--network", "one,two");
        Assert.Equal("web\nalien\n", (await host.Call("exec", "both", "sh", "-c", $"{Ask("web", 80)}; {Ask("alien", 80)}")).Succeeded().Text);
        Assert.Equal($"{Closed}\n", (await host.Run(runtime, ["--network", "one"], Try("alien", 80))).Succeeded().Text);
        Assert.Equal($"{Closed}\n", (await host.Run(runtime, ["--network", "none"], Try("10.7.1.9", 80))).Succeeded().Text);

        // A file that only root can change says what the network is called: the container's own files are right, and say no more.
        Assert.Equal("""
            127.0.0.1	localhost
            ::1	localhost ip6-localhost ip6-loopback
            10.7.1.9	front web
            search dns.podman
            nameserver 10.7.1.1

            """.ReplaceLineEndings("\n"), (await host.Call("exec", "web", "cat", "/etc/hosts", "/etc/resolv.conf")).Succeeded().Text);
        (await host.Call("verify", "--runtime", runtime, "--network", "one", "--only", "namespaces")).Succeeded();
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Ports_of_the_host_lead_to_a_container(string runtime)
    {
        await using NetworkHost host = await NetworkHost.Make();
        await host.Create("one", "--subnet", "10.7.1.0/24", "--subnet", "fd00:7::/64");
        await host.Serve(runtime, "web", "--network", "one", "-p", "8000-8001:80-81", "-p", $"{NetworkHost.Own}:9000:80", "-p", "80", "-p", $"[{NetworkHost.Own6}]:8100:80");
        Assert.Equal("web", await host.AskFromOutside(NetworkHost.Own, 8000));
        Assert.Equal("web", await host.AskFromOutside(NetworkHost.Own, 8001));
        Assert.Equal("web", await host.AskFromOutside(NetworkHost.Own, 9000));
        Assert.Equal("", await host.AskFromOutside(NetworkHost.Own, 8002));
        Assert.Equal("web", await host.Ask("127.0.0.1", 8000));
        Assert.Equal("", await host.Ask("127.0.0.1", 9000));
        Assert.Equal("web", await host.AskFromOutside(NetworkHost.Own6, 8100));
        Assert.Equal("web", await host.AskFromOutside(NetworkHost.Own6, 8000));

        string[] shown = (await host.Call("port", "web")).Succeeded().Lines;
        Assert.Equal("80/tcp -> 0.0.0.0:8000", shown[0]);
        Assert.Equal("81/tcp -> 0.0.0.0:8001", shown[1]);
        Assert.Equal($"80/tcp -> {NetworkHost.Own}:9000", shown[2]);
        int free = int.Parse(shown[3].Split(':')[1], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(free, 1024, 65535);
        Assert.Equal("web", await host.AskFromOutside(NetworkHost.Own, free));
        Assert.Equal(1, (await host.Call("port", "web", "82")).Status == 0 ? 0 : 1);
        Assert.Contains("0.0.0.0:8000-8001->80-81/tcp", (await host.Call("ps")).Succeeded().Text, StringComparison.Ordinal);

        // One that is taken is refused, by whomever; nothing of the container is left.
        foreach (string port in new[] { "8001:80", "127.0.0.1:8000:80", "7990-8000:80-90" })
        {
            Outcome refused = await host.Call("run", "--runtime", runtime, "--rootfs", Repository.Busybox, "--network", "one", "-p", port, "true");
            Assert.Contains("another container has it", refused.EndedWith(125).Error, StringComparison.Ordinal);
        }
        await host.Listen("127.0.0.1", 7777, "own");
        Outcome taken = await host.Call("run", "--runtime", runtime, "--rootfs", Repository.Busybox, "--network", "one", "-p", "7777:80", "true");
        Assert.Contains("address already in use", taken.EndedWith(125).Error, StringComparison.Ordinal);
        Assert.Single((await host.Call("ps", "--all", "--quiet")).Succeeded().Lines);

        // With the container the way to it ends, and is free for another.
        (await host.Call("rm", "--force", "web")).Succeeded();
        Assert.Equal("", await host.Ask("127.0.0.1", 8000));
        await host.Serve(runtime, "next", "--network", "one", "-p", "8000:80");
        Assert.Equal("next", await host.Ask("127.0.0.1", 8000));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_datagram_finds_its_way_too(string runtime)
    {
        await using NetworkHost host = await NetworkHost.Make();
        await host.Create("one");
        (await host.Call("run", "--detach", "--runtime", runtime, "--rootfs", Repository.Languages, "--name", "udp", "--network", "one", "-p", "5000:5001/udp", "--",
            "python3", "-c", "import socket; s = socket.socket(type=socket.SOCK_DGRAM); s.bind(('', 5001))\nwhile True: s.sendto(b'udp', s.recvfrom(9)[1])")).Succeeded();
        await Eventually.Holds("it answers", async () => await host.AskUdp(NetworkHost.Own, 5000) == "udp");
        Assert.Equal("5001/udp -> 0.0.0.0:5000\n", (await host.Call("port", "udp")).Succeeded().Text);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_container_that_is_started_again_is_on_its_network_again(string runtime)
    {
        await using NetworkHost host = await NetworkHost.Make();
        await host.Create("one", "--subnet", "10.7.1.0/24");
        await host.Serve(runtime, "web", "--network", "one", "-p", "8000:80");
        // What it does to the files of its names is undone by its next start, and leads nowhere.
        (await host.Call("exec", "web", "sh", "-c", "rm /etc/hosts /etc/resolv.conf; ln -s /etc/passwd /etc/hosts; mkdir /etc/resolv.conf; echo x >/etc/passwd")).Succeeded();
        (await host.Call("stop", "--time", "0", "web")).Succeeded();
        await host.AssertNothingLeft();
        Assert.Equal("", (await host.Call("inspect", "--format", "{{.NetworkSettings.IPAddress}}", "web")).Succeeded().Text.Trim());
        Assert.Equal("", await host.Ask("127.0.0.1", 8000));
        // Another one takes the address that it had.
        await host.Serve(runtime, "other", "--network", "one", "--ip", "10.7.1.2");
        (await host.Call("start", "web")).Succeeded();
        await Eventually.Holds("web serves again", async () => (await host.Run(runtime, ["--network", "one"], Ask("web", 80))).Text == "web\n");
        string address = (await host.Call("inspect", "--format", "{{.NetworkSettings.IPAddress}}", "web")).Succeeded().Text.Trim();
        Assert.NotEqual("10.7.1.2", address);
        Assert.Contains($"{address}\t", (await host.Call("exec", "web", "cat", "/etc/hosts")).Succeeded().Text, StringComparison.Ordinal);
        Assert.Equal("web", await host.Ask("127.0.0.1", 8000));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_restart_policy_brings_the_network_back(string runtime)
    {
        await using NetworkHost host = await NetworkHost.Make();
        await host.Create("one", "--subnet", "10.7.1.0/24");
        await host.Serve(runtime, "web", "--network", "one", "--restart", "always", "--ip", "10.7.1.9");
        string pid = (await host.Call("inspect", "--format", "{{.State.Pid}}", "web")).Succeeded().Text.Trim();
        await host.Shell($"kill -9 {pid}");
        await Eventually.Holds("it is started again", async () => (await host.Call("inspect", "--format", "{{.RestartCount}}", "web")).Text.Trim() != "0");
        await Eventually.Holds("it serves again", async () => (await host.Run(runtime, ["--network", "one"], Ask("web", 80))).Text == "web\n");
        Assert.Equal("web", await host.Ask("10.7.1.9", 80));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Nothing_leads_out_of_an_internal_network_and_one_can_be_opened_to_the_host(string runtime)
    {
        await using NetworkHost host = await NetworkHost.Make();
        await host.Create("inner", "--internal", "--subnet", "10.7.3.0/24");
        await host.Create("open", "--allow", "host", "--subnet", "10.7.4.0/24");
        await host.Listen("0.0.0.0", 7000, "host");
        await host.ListenOutside(NetworkHost.Outside, 7000, "outside");
        await host.Serve(runtime, "web", "--network", "inner", "--ip", "10.7.3.9");
        Assert.Equal("web\n", (await host.Run(runtime, ["--network", "inner"], Ask("web", 80))).Succeeded().Text);
        // A route of its own does not help, whatever capability it has.
        string out_ = $"ip route add default via 10.7.3.1 2>/dev/null; {Ask(NetworkHost.Outside, 7000)}; {Ask("10.7.3.1", 7000)}; {Ask(NetworkHost.Own, 7000)}";
        Assert.Equal($"{Closed}\n{Closed}\n{Closed}\n", (await host.Run(runtime, ["--network", "inner", "--cap-add", "NET_ADMIN"], out_)).Succeeded().Text);
        Assert.Contains("internal network", (await host.Run(runtime, ["--network", "inner", "-p", "80"], "true")).EndedWith(125).Error, StringComparison.Ordinal);
        Assert.Equal("host 10.7.4.2\n", (await host.Run(runtime, ["--network", "open", "--ip", "10.7.4.2"], Ask("10.7.4.1", 7000))).Succeeded().Text);
        Assert.Equal($"{Closed}\n", (await host.Run(runtime, ["--network", "open"], Try("10.7.3.9", 80))).Succeeded().Text);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task With_every_network_capability_a_container_reaches_no_more(string runtime)
    {
        await using NetworkHost host = await NetworkHost.Make();
        await host.Create("one", "--subnet", "10.7.1.0/24", "--subnet", "fd00:7:1::/64");
        await host.Create("two", "--subnet", "10.7.2.0/24", "--subnet", "fd00:7:2::/64");
        await host.Listen("0.0.0.0", 7000, "host");
        await host.Listen("::", 7006, "host6");
        await host.Listen("127.0.0.1", 7001, "loopback");
        await host.Serve(runtime, "alien", "--network", "two", "--ip", "10.7.2.9", "--ip6", "fd00:7:2::9", "-p", "8000:80");
        string[] tries =
        [
            // The host by an address of its loopback, which the bridge would take where route_localnet is on.
            "ip addr del 127.0.0.1/8 dev lo; ip route add 127.0.0.1 via 10.7.1.1; " + Ask("127.0.0.1", 7001),
            "ip addr add 10.7.2.7/24 dev eth0; " + Ask("10.7.2.9", 80),
            "ip route add 10.7.2.0/24 via 10.7.1.1; " + Ask("10.7.2.9", 80),
            "ip addr add 10.7.2.1/24 dev eth0; " + Ask("10.7.2.1", 7000),
            Ask("fd00:7:1::1", 7006), Ask("fd00:7:2::9", 80), Ask(NetworkHost.Own6, 7006),
            $"fe=$(ip -6 neigh | sed -n 's/ .*router.*//p' | head -n 1); {Ask("${fe:-fe80::1}%eth0", 7006)}",
            Ask("10.7.1.1", 8000),
        ];
        foreach (string line in tries)
            Assert.Equal($"{Closed}\n", (await host.Run(runtime, ["--network", "one", "--cap-add", "NET_ADMIN,NET_RAW"], $"{{ {line}; }} 2>/dev/null")).Succeeded().Text);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task A_packet_with_a_source_of_the_hosts_opens_no_way_to_it(string runtime)
    {
        await using NetworkHost host = await NetworkHost.Make();
        await host.Create("one", "--subnet", "10.7.1.0/24");
        await host.ListenUdp("0.0.0.0", 7000, "host");
        string table = $"podspawn_oci_{(await host.Call("network", "inspect", "--format", "{{.Id}}", "one")).Succeeded().Text[..8]}";
        // One container sends as if it were the host, so that the other's packet looks like an answer to the kernel.
        string[] idle = ["python3", "-c", "import time; time.sleep(600)"];
        string[] flags = ["--detach", "--runtime", runtime, "--rootfs", Repository.Languages, "--network", "one"];
        (await host.Call(["run", .. flags, "--name", "liar", "--cap-add", "NET_ADMIN", "--", .. idle])).Succeeded();
        (await host.Call(["run", .. flags, "--name", "partner", "--ip", "10.7.1.9", "--", .. idle])).Succeeded();
        // ip(8) is not there: this is SIOCSIFADDR (netdevice(7)) for a second address.
        (await host.Call("exec", "liar", "python3", "-c", $"""
            import fcntl, socket, struct
            fcntl.ioctl(socket.socket(type=socket.SOCK_DGRAM), 0x8916, struct.pack('16sH2s4s8s', b'eth0:1', socket.AF_INET, b'', socket.inet_aton('{NetworkHost.Own}'), b''))
            """)).Succeeded();
        async Task<string> Attack(int port)
        {
            (await host.Call("exec", "liar", "python3", "-c",
                $"import socket; s=socket.socket(type=socket.SOCK_DGRAM); s.bind(('{NetworkHost.Own}',7000)); s.sendto(b'x',('10.7.1.9',{port}))")).Succeeded();
            return (await host.Call("exec", "partner", "python3", "-c",
                $"import socket; s=socket.socket(type=socket.SOCK_DGRAM); s.bind(('',{port})); s.settimeout(2); s.sendto(b'?',('{NetworkHost.Own}',7000)); print(s.recv(99))")).Text;
        }
        Assert.Equal("", await Attack(4455));
        // The attack is one: without the rules, that for sources and that for frames, it works.
        await host.Shell($"nft flush chain inet {table} prerouting; nft list tables | grep podspawn_oci_out_ | while read -r _ family name; do nft delete table $family $name; done");
        Assert.Contains("host", await Attack(4456), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task Who_has_the_host_as_a_router_reaches_published_ports_only(string runtime)
    {
        await using NetworkHost host = await NetworkHost.Make();
        await host.Create("one", "--subnet", "10.7.1.0/24");
        await host.Serve(runtime, "web", "--network", "one", "--ip", "10.7.1.9", "-p", "8000:80");
        await host.ShellOutside($"ip route add 10.7.1.0/24 via {NetworkHost.Own}");
        Assert.Equal("", await host.AskFromOutside("10.7.1.9", 80));
        Assert.Equal("web", await host.AskFromOutside(NetworkHost.Own, 8000));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Names_that_no_container_has_are_asked_of_the_servers_that_were_named(string runtime)
    {
        await using NetworkHost host = await NetworkHost.Make();
        await host.Create("one");
        await host.Create("nameless", "--disable-dns");
        await host.Serve(runtime, "Web", "--network", "one", "--network-alias", "WWW");
        Assert.Equal("Web\nWeb\n", (await host.Run(runtime, ["--network", "one", "--dns", "192.0.2.53"], "nc -w 2 web 80 </dev/null; nc -w 2 WWW 80 </dev/null")).Succeeded().Text);
        Assert.Equal("nameserver 192.0.2.53\n", (await host.Run(runtime, ["--network", "nameless", "--dns", "192.0.2.53"], "cat /etc/resolv.conf")).Succeeded().Text);
        string own = string.Concat(File.ReadLines("/etc/resolv.conf").Where(line => line.Length > 0 && !line.StartsWith("nameserver 127.", StringComparison.Ordinal)).Select(line => line + "\n"));
        Assert.Equal(own, (await host.Run(runtime, ["--network", "nameless"], "cat /etc/resolv.conf")).Succeeded().Text);
    }

    [Fact]
    public async Task What_is_not_to_be_had_is_refused_and_leaves_nothing()
    {
        await using NetworkHost host = await NetworkHost.Make();
        await host.Create("one", "--subnet", "10.7.1.0/24");
        await host.Create("dual", "--ipv6");
        foreach ((string[] flags, string why) in new (string[], string)[]
        {
            (["--network", "one", "-p", "[::]:80:80"], "the network has none"), (["--network", "dual", "-p", "0.0.0.0:80:80"], "not to be had"),
            (["--network", "none", "-p", "80"], "the container has no network"), (["--network", "host", "-p", "80"], "the host's addresses"),
            (["--network", "missing"], "network not found"), (["--network", "one,none"], "stands by itself"), (["--network", "one,one"], "named twice"),
            (["--network", "bridge"], "is not to be had"), (["--network", "one:foo=1"], "no option of a network"), (["--network", "one", "--ip", "10.7.1.1"], "no address"),
            (["--network", "one", "--ip", "10.7.1.255"], "no address"), (["--network", "one", "--ip", "10.7.2.2"], "no address"), (["--network", "one", "--ip", "1"], "no address"),
            (["--network", "one", "--mac-address", "01:00:00:00:00:00"], "no hardware address"), (["--network", "one", "--network-alias", "a b"], "no name of a host"),
            (["--network", "one", "-p", "0"], "no port"), (["--network", "one", "-p", "99999:80"], "no port"), (["--network", "one", "-p", "80-81:80"], "2 ports"),
            (["--network", "one", "-p", "80/icmp"], "protocol"), (["--network", "one", "-p", "203.0.113.9:80:80"], "no such address"),
        })
        {
            Outcome refused = await host.Call(["run", "--rootfs", Repository.Busybox, .. flags, "true"]);
            Assert.True(refused.Status == 125 && refused.Error.Contains(why, StringComparison.Ordinal), $"{string.Join(' ', flags)}: {refused.Status}: {refused.Error}");
        }
        foreach ((string[] flags, string why) in new (string[], string)[]
        {
            (["one"], "already exists"), (["host"], "meaning of its own"), (["a/b"], "no name of a network"), (["--subnet", "10.7.1.128/25", "x"], "already used"),
            (["--subnet", "198.51.100.0/24", "x"], "already used"), (["--subnet", "10.9/24", "x"], "no block"), (["--subnet", "10.9.0.0/31", "x"], "no room"),
            (["--subnet", "0.0.0.0/0", "x"], "no room"), (["--subnet", "10.9.0.0/24", "--gateway", "10.8.0.1", "x"], "no address"), (["--gateway", "10.8.0.1", "x"], "no block"),
        })
        {
            Outcome refused = await host.Call(["network", "create", .. flags]);
            Assert.True(refused.Status == 125 && refused.Error.Contains(why, StringComparison.Ordinal), $"{string.Join(' ', flags)}: {refused.Status}: {refused.Error}");
        }
        Assert.Equal("one\n", (await host.Call("network", "create", "--ignore", "one")).Succeeded().Text);
        Assert.Empty((await host.Call("ps", "--all", "--quiet")).Succeeded().Lines);
        Assert.Equal(["dual", "one"], (await host.Call("network", "ls", "--quiet")).Succeeded().Lines);
        await host.AssertNothingLeft();
    }

    [Fact]
    public async Task A_network_that_is_used_stays_until_its_containers_go_with_it()
    {
        await using NetworkHost host = await NetworkHost.Make();
        await host.Create("one", "--label", "app=web");
        (await host.Call("create", "--name", "web", "--network", "one", "--rootfs", Repository.Busybox, "sleep", "600")).Succeeded();
        Assert.Contains("network is being used", (await host.Call("network", "rm", "one")).EndedWith(2).Error, StringComparison.Ordinal);
        Assert.Empty((await host.Call("network", "prune", "--force")).Succeeded().Lines);
        JsonElement told = JsonDocument.Parse((await host.Call("network", "inspect", "one")).Succeeded().Output).RootElement[0];
        Assert.Equal("web", told.GetProperty("containers")[0].GetString());
        Assert.Equal("10.89.0.0/24", told.GetProperty("subnets")[0].GetProperty("subnet").GetString());
        Assert.Equal(["one"], (await host.Call("network", "ls", "--filter", "label=app=web", "--format", "{{.Name}}")).Succeeded().Lines);
        Assert.Equal(["web"], (await host.Call("ps", "--all", "--filter", "network=one", "--format", "{{.Names}}")).Succeeded().Lines);
        Assert.Equal(0, (await host.Call("network", "exists", "one")).Status);
        (await host.Call("start", "web")).Succeeded();
        (await host.Call("network", "rm", "--force", "one")).Succeeded();
        Assert.Empty((await host.Call("ps", "--all", "--quiet")).Succeeded().Lines);
        Assert.Equal(1, (await host.Call("network", "exists", "one")).Status);
        (await host.Call("network", "rm", "one")).EndedWith(1);
        (await host.Call("network", "rm", "--force", "one")).Succeeded();
        await host.AssertNothingLeft();
    }

    [Fact]
    public async Task Many_that_start_at_once_have_each_an_address_of_their_own()
    {
        await using NetworkHost host = await NetworkHost.Make();
        await host.Create("one");
        string[] names = [.. Enumerable.Range(0, 8).Select(number => $"c{number}")];
        await Task.WhenAll(names.Select(async name =>
            (await host.Call("run", "--detach", "--name", name, "--runtime", "crun", "--network", "one", "--rootfs", Repository.Busybox, "sleep", "600")).Succeeded()));
        string[] addresses = (await host.Call(["inspect", "--format", "{{.NetworkSettings.IPAddress}}", .. names])).Succeeded().Lines;
        Assert.Equal(names.Length, addresses.Distinct().Count());
        string script = string.Join("; ", names.Select(name => $"nslookup {name} | sed -n 's/^Address: //p'"));
        Assert.Equal(addresses, (await host.Run("runc", ["--network", "one"], script)).Succeeded().Lines);
        await Task.WhenAll(names.Select(async name => (await host.Call("rm", "--force", name)).Succeeded()));
        await host.AssertNothingLeft();
    }
}
