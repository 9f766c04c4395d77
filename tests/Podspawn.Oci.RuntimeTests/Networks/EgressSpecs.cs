using System.Text.Json;

namespace Podspawn.Oci.RuntimeTests.Networks;

/// <summary>What a container may reach by its networks: what its rules allow, and nothing else, whatever it tries.</summary>
public class EgressSpecs
{
    private const string Closed = "closed";
    private const string Gateway = "10.7.1.1", Neighbour = "10.7.1.9";

    public static TheoryData<string, string> Cases => new()
    {
        { "runc", "NET_BIND_SERVICE" }, { "crun", "NET_RAW" }, { "runsc", "NET_ADMIN,NET_RAW" },
    };

    public static TheoryData<string, string> Policies => new() { { "runc", "deny" }, { "crun", "deny" }, { "runc", "" } };

    private static string Ask(string address, int port) => $"nc -w 5 {address} {port} </dev/null 2>/dev/null | grep . || echo {Closed}";

    private static async Task<NetworkHost> Host(params string[] flags)
    {
        NetworkHost host = await NetworkHost.Make();
        await host.Create("one", ["--subnet", "10.7.1.0/24", .. flags]);
        await host.ServeNames(
            ("example.org", NetworkHost.Outside), ("a.example.org", NetworkHost.Outside), ("x.debian.org", "elsewhere.net"), ("elsewhere.net", NetworkHost.Outside),
            ("debian.org", NetworkHost.Outside), ("evil.org", Neighbour), ("secret.org", "169.254.169.254"), ("six.org", NetworkHost.Outside6));
        foreach (int port in new[] { 80, 81, 443 })
            await host.ListenOutside(NetworkHost.Outside, port, $"outside{port}");
        return host;
    }

    private static async Task<string> In(NetworkHost host, string name, string script) => (await host.Call("exec", name, "sh", "-c", script)).Text.Trim();

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task What_the_rules_allow_is_reached_and_nothing_else(string runtime, string capabilities)
    {
        await using NetworkHost host = await Host();
        await host.Create("two", "--subnet", "10.7.2.0/24");
        await host.Listen("0.0.0.0", 7000, "host");
        await host.ShellOutside("ip addr add 169.254.169.254/32 dev lo");
        await host.Shell($"ip route add 169.254.169.254 via {NetworkHost.Outside}");
        await host.ListenOutside("169.254.169.254", 80, "secrets");
        await host.Serve("crun", "nb", "--network", "one", "--ip", Neighbour);
        await host.Serve("crun", "other", "--network", "one", "--ip", "10.7.1.10");
        await host.Serve("crun", "alien", "--network", "two", "--ip", "10.7.2.9");
        string[] rules = ["example.org:80", "nb:80", $"{NetworkHost.Outside}:443/tcp", "evil.org", "secret.org", "*.debian.org:81", "0.0.0.0/0:8888"];
        await host.Serve(runtime, "x", ["--network", "one", "--ip", "10.7.1.7", "--cap-add", capabilities, .. rules.SelectMany(rule => new[] { "--egress-allow", rule })]);

        Assert.Equal($"outside80 {NetworkHost.Own}", await In(host, "x", Ask("example.org", 80)));
        Assert.Equal($"outside443 {NetworkHost.Own}", await In(host, "x", Ask(NetworkHost.Outside, 443)));
        Assert.Equal("nb", await In(host, "x", Ask("nb", 80)));
        Assert.Equal($"outside81 {NetworkHost.Own}", await In(host, "x", Ask("x.debian.org", 81)));
        foreach ((string address, int port) in new[]
        {
            ("nb", 81), (Neighbour, 81), ("other", 80), ("10.7.1.10", 80), ("alien", 80), ("10.7.2.9", 80), (Gateway, 7000), (Gateway, 53), ("10.7.2.1", 7000), (NetworkHost.Own, 7000),
            ("x.debian.org", 443 + 1), ("debian.org", 81), ("a.example.org", 80), ("elsewhere.net", 80), ("evil.org", 81), ("secret.org", 80), ("169.254.169.254", 80),
        })
        {
            Assert.Equal((address, port, Closed), (address, port, await In(host, "x", Ask(address, port))));
        }
        // What the owner of a name answers opens no neighbour; the neighbour's own rule does.
        Assert.Equal(Closed, await In(host, "x", Ask("evil.org", 81)));
        // By UDP and ICMP neither, nor by another server of names.
        Assert.Equal(Closed, await In(host, "x", $"nslookup example.org {NetworkHost.Outside} >/dev/null 2>&1 || echo {Closed}"));
        Assert.Equal(Closed, await In(host, "x", $"ping -c 1 -W 2 {Neighbour} >/dev/null 2>&1 || echo {Closed}"));
        // Others reach it, and get their answers.
        Assert.Equal("x", await In(host, "nb", Ask("x", 80)));
        Assert.Equal("x", await host.Ask("10.7.1.7", 80));
        // Nobody was asked for what is not allowed.
        Assert.Equal(["evil.org", "example.org", "secret.org", "x.debian.org"], host.Asked.Order());

        using JsonDocument inspected = JsonDocument.Parse((await host.Call("inspect", "x")).Succeeded().Text);
        JsonElement egress = inspected.RootElement[0].GetProperty("NetworkSettings").GetProperty("Egress");
        Assert.Equal("deny", egress.GetProperty("Default").GetString());
        Assert.Equal(rules, egress.GetProperty("Allow").EnumerateArray().Select(rule => rule.GetString()!));
        Assert.Contains(egress.GetProperty("Refused").EnumerateArray(), item =>
            item.GetProperty("Address").GetString() == "10.7.1.10" && item.GetProperty("Port").GetString() == "80" && item.GetProperty("Protocol").GetString() == "tcp");
        Assert.True(egress.GetProperty("RefusedPackets").GetInt64() >= 8);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task Forged_frames_go_nowhere(string runtime, string policy)
    {
        bool isFenced = policy.Length > 0;
        await using NetworkHost host = await Host();
        await host.ListenUdp("0.0.0.0", 7000, "host");
        string[] flags = ["--detach", "--rootfs", Repository.Languages, "--network", "one"];
        string listen = "import socket\ns=socket.socket(type=socket.SOCK_DGRAM); s.bind(('',5000))\nwhile True: print(s.recvfrom(99), flush=True)";
        (await host.Call(["run", .. flags, "--runtime", "crun", "--name", "nb", "--ip", Neighbour, "--mac-address", "02:00:00:00:00:09", "--", "python3", "-c", listen])).Succeeded();
        string idle = "import time; time.sleep(600)";
        (await host.Call(["run", .. flags, "--runtime", runtime, "--name", "x", "--ip", "10.7.1.7", "--cap-add", "NET_RAW", .. isFenced ? new[] { "--egress", policy } : [], "--", "python3", "-c", idle]))
            .Succeeded();
        // A frame of UDP to the neighbour, with a source of one's choice: its own, another's, the gateway's, in its own name and in theirs.
        async Task Send(string mark, string mac, string source, string to = "02:00:00:00:00:09") => (await host.Call("exec", "x", "python3", "-c", $"""
            import fcntl, socket, struct
            raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
            raw.bind(('eth0', 0))
            own = raw.getsockname()[4]
            def part(text): return own if text == 'own' else bytes.fromhex(text.replace(':', ''))
            data = b'{mark}'
            udp = struct.pack('>HHHH', 5000, 5000, 8 + len(data), 0) + data
            head = struct.pack('>BBHHHBBH4s4s', 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0, socket.inet_aton('{source}'), socket.inet_aton('{Neighbour}'))
            total = sum(struct.unpack('>10H', head))
            while total >> 16: total = (total & 0xffff) + (total >> 16)
            head = head[:10] + struct.pack('>H', ~total & 0xffff) + head[12:]
            raw.send(part('{to}') + part('{mac}') + b'\x08\x00' + head + udp)
            """)).Succeeded();
        async Task SendAll(string mark)
        {
            if (isFenced)
                await Send($"{mark}1", "own", "10.7.1.7");
            await Send($"{mark}2", "own", "10.7.1.50");
            await Send($"{mark}3", "02:00:00:00:00:50", "10.7.1.50");
            await Send($"{mark}4", "02:00:00:00:00:50", "10.7.1.7");
            if (isFenced)
                await Send($"{mark}5", "own", "10.7.1.7", "ff:ff:ff:ff:ff:ff");
        }
        // A bridge hands frames to groups of its own protocols to the host, past the rules that name the bridge.
        async Task<string> AskHost(int port) => (await host.Call("exec", "x", "python3", "-c", $"""
            import socket, struct
            raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
            raw.bind(('eth0', 0))
            answers = socket.socket(type=socket.SOCK_DGRAM)
            answers.bind(('', {port}))
            answers.settimeout(2)
            udp = struct.pack('>HHHH', {port}, 7000, 9, 0) + b'?'
            head = struct.pack('>BBHHHBBH4s4s', 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0, socket.inet_aton('10.7.1.7'), socket.inet_aton('{Gateway}'))
            total = sum(struct.unpack('>10H', head))
            while total >> 16: total = (total & 0xffff) + (total >> 16)
            head = head[:10] + struct.pack('>H', ~total & 0xffff) + head[12:]
            raw.send(bytes.fromhex('0180c2000003') + raw.getsockname()[4] + b'\x08\x00' + head + udp)
            print(answers.recv(99).decode())
            """)).Text.Trim();
        await SendAll("kept");
        Assert.Equal("", await AskHost(5001));
        // What is sent after them arrives after them.
        async Task<string> Received(string last)
        {
            await Eventually.Holds("the last one arrives", async () =>
            {
                await host.Shell($"python3 -c \"import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'{last}', ('{Neighbour}', 5000))\"");
                return (await host.Call("logs", "nb")).Text.Contains(last, StringComparison.Ordinal);
            });
            return (await host.Call("logs", "nb")).Text;
        }
        Assert.DoesNotContain("kept", await Received("first"), StringComparison.Ordinal);
        // The attack is one: without the rules every frame arrives.
        await host.Shell("nft list tables | grep podspawn_oci_out_ | while read -r _ family name; do nft delete table $family $name; done");
        await SendAll("free");
        string all = await Received("second");
        Assert.All(isFenced ? ["free1", "free2", "free3", "free4", "free5"] : (string[])["free2", "free3", "free4"], mark => Assert.Contains(mark, all, StringComparison.Ordinal));
        Assert.Equal("host 10.7.1.7", await AskHost(5002));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task It_holds_by_ipv6_as_well(string runtime)
    {
        await using NetworkHost host = await Host("--subnet", "fd00:7::/64");
        await host.ListenOutside(NetworkHost.Outside6, 80, "six80");
        await host.ListenOutside(NetworkHost.Outside6, 81, "six81");
        await host.Shell($"ip -6 route add default via {NetworkHost.Outside6}");
        await host.Serve("crun", "nb", "--network", "one", "--ip6", "fd00:7::9");
        await host.Serve(runtime, "x", "--network", "one", "--cap-add", "NET_RAW", "--egress-allow", "six.org:80", "--egress-allow", "[fd00:7::9]:80");
        Assert.Equal($"six80 {NetworkHost.Own6}", await In(host, "x", Ask("six.org", 80)));
        Assert.Equal("nb", await In(host, "x", Ask("fd00:7::9", 80)));
        string link = (await In(host, "nb", "sed -n 's/ .* eth0$//p' /proc/net/if_inet6 | grep ^fe80"))[^16..];
        string local = $"fe80::{link[..4]}:{link[4..8]}:{link[8..12]}:{link[12..]}%eth0";
        // What hosts of one link say to each other goes to nobody else (RFC 4861): it is no tunnel.
        if (runtime != "runsc")
        {
            IReadOnlyCollection<string> heard = await host.OverhearOutside();
            string pid = (await host.Call("inspect", "--format", "{{.State.Pid}}", "x")).Succeeded().Text.Trim();
            async Task Tell(string from, string word)
            {
                await host.Shell($"{from} python3 -c \"import socket; s=socket.socket(socket.AF_INET6,socket.SOCK_RAW,socket.IPPROTO_ICMPV6); s.setsockopt(41,16,255); " +
                    $"[s.sendto(bytes([kind,0,0,0])+bytes(20)+b'{word}',('{NetworkHost.Outside6}',0)) for kind in (133,135,136)]\"");
            }
            // What the host sends after it arrives after it.
            await Tell($"nsenter -t {pid} -n", "tunnel");
            await Eventually.Holds("the host is heard", async () =>
            {
                await Tell("", "end");
                return heard.Contains("end");
            });
            Assert.DoesNotContain("tunnel", heard);
        }
        foreach ((string address, int port) in new[] { ("six.org", 81), (NetworkHost.Outside6, 81), ("fd00:7::9", 81), (local, 80), ("fd00:ec2::254", 80), ("fd00:7::1", 53) })
            Assert.Equal((address, Closed), (address, await In(host, "x", Ask(address, port))));
    }

    [Fact]
    public async Task An_address_is_open_while_its_name_was_resolved_a_moment_ago()
    {
        await using NetworkHost host = await Host();
        await host.Serve("crun", "x", "--network", "one", "--egress-allow", "example.org:80");
        Assert.Equal(Closed, await In(host, "x", Ask(NetworkHost.Outside, 80)));
        Assert.Equal($"outside80 {NetworkHost.Own}", await In(host, "x", Ask("example.org", 80)));
        Assert.Equal($"outside80 {NetworkHost.Own}", await In(host, "x", Ask(NetworkHost.Outside, 80)));
        string table = (await host.Shell("nft list tables | grep -o 'inet podspawn_oci_out_.*'")).Text.Trim();
        Assert.All(new[] { ("own_0_4", 60), ("own_0_4_used", 120) }, set =>
            Assert.Matches($@"expires ({(set.Item2 == 60 ? "1m|" : "2m|1m")}\d+s)", host.Shell($"nft list set {table} {set.Item1}").GetAwaiter().GetResult().Text));
        // The time is over: as if it were.
        await host.Shell($"nft flush set {table} own_0_4; nft flush set {table} own_0_4_used");
        Assert.Equal(Closed, await In(host, "x", Ask(NetworkHost.Outside, 80)));
        Assert.Equal($"outside80 {NetworkHost.Own}", await In(host, "x", Ask("example.org", 80)));
        // One that was used stays open longer than one that was only resolved.
        await host.Shell($"nft flush set {table} own_0_4");
        Assert.Equal($"outside80 {NetworkHost.Own}", await In(host, "x", Ask(NetworkHost.Outside, 80)));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task A_network_has_rules_for_all_that_are_on_it_and_those_of_a_container_hold_beside_them(string runtime)
    {
        await using NetworkHost host = await Host();
        await host.Create("closed", "--subnet", "10.7.3.0/24", "--allow", "example.org:80", "--allow", $"{NetworkHost.Outside}:443");
        Assert.Contains("example.org:80", (await host.Call("network", "inspect", "closed")).Succeeded().Text, StringComparison.Ordinal);
        await host.Serve(runtime, "plain", "--network", "closed");
        Assert.Equal($"outside80 {NetworkHost.Own}\n{Closed}", await In(host, "plain", $"{Ask("example.org", 80)}; {Ask("a.example.org", 80)}"));
        await host.Serve(runtime, "both", "--network", "closed", "--egress-allow", $"{NetworkHost.Outside}/32:80-443");
        Assert.Equal($"{Closed}\n{Closed}\noutside443 {NetworkHost.Own}", await In(host, "both", $"{Ask("example.org", 80)}; {Ask(NetworkHost.Outside, 81)}; {Ask(NetworkHost.Outside, 443)}"));
        // Taken off, and put on another: the rules of the container go with it.
        (await host.Call("network", "connect", "one", "both")).Succeeded();
        (await host.Call("network", "disconnect", "closed", "both")).Succeeded();
        Assert.Equal($"{Closed}\noutside81 {NetworkHost.Own}", await In(host, "both", $"{Ask(NetworkHost.Outside, 444)}; {Ask(NetworkHost.Outside, 81)}"));
        (await host.Call("network", "connect", "one", "plain")).Succeeded();
        (await host.Call("network", "disconnect", "one", "plain")).Succeeded();
        Assert.Equal(Closed, await In(host, "plain", Ask(NetworkHost.Outside, 81)));
        // Without the network that had rules there is nothing to hold, and nothing is left of it.
        await host.Serve(runtime, "freed", "--network", "closed", "--network", "one");
        (await host.Call("network", "disconnect", "closed", "freed")).Succeeded();
        Assert.Equal($"outside81 {NetworkHost.Own}", await In(host, "freed", Ask(NetworkHost.Outside, 81)));
        string id = (await host.Call("inspect", "--format", "{{.Id}}", "freed")).Succeeded().Text.Trim();
        await host.Shell($"! nft list tables | grep podspawn_oci_out_{id[..12]} && ! pgrep -f {id}/[n]ames.conf");
        // Another start brings them back.
        (await host.Call("restart", "--time", "0", "plain")).Succeeded();
        Assert.Equal($"outside80 {NetworkHost.Own}\n{Closed}", await In(host, "plain", $"{Ask("example.org", 80)}; {Ask(NetworkHost.Outside, 81)}"));
    }

    [Fact]
    public async Task What_an_earlier_container_began_is_not_inherited_with_its_address()
    {
        await using NetworkHost host = await Host();
        await host.ListenUdpOutside(NetworkHost.Outside, 9999, "outside");
        Task<Outcome> Send(string name, params string[] flags) => host.Call([
            "run", "--runtime", "runc", "--rootfs", Repository.Languages, "--network", "one", "--ip", "10.7.1.50", "--name", name, .. flags, "--", "python3", "-c",
            $"import socket; s=socket.socket(type=socket.SOCK_DGRAM); s.bind(('',7001)); s.settimeout(3); s.sendto(b'?',('{NetworkHost.Outside}',9999)); print(s.recv(99).decode(), end='')"]);
        Assert.Equal($"outside {NetworkHost.Own}\n", (await Send("first")).Succeeded().Text);
        Assert.Equal("", (await Send("second", "--egress", "deny")).Text);
        Assert.Equal($"outside {NetworkHost.Own}\n", (await Send("third")).Succeeded().Text);
    }

    [Fact]
    public async Task Who_could_step_past_every_rule_gets_no_policy()
    {
        await using NetworkHost host = await Host();
        foreach (string runtime in new[] { "runc", "crun" })
        {
            Outcome refused = await host.Run(runtime, ["--network", "one", "--egress", "deny", "--cap-add", "NET_ADMIN"], "true");
            Assert.Contains("with NET_ADMIN it makes interfaces on those of the host", refused.EndedWith(125).Error, StringComparison.Ordinal);
            Assert.Contains("nothing of the host's networks is closed", (await host.Run(runtime, ["--network", "one", "--cap-add", "NET_ADMIN"], "true")).Succeeded().Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_somebody_takes_away_comes_back_with_the_collection()
    {
        await using NetworkHost host = await Host();
        await host.Serve("runc", "x", "--network", "one", "--egress-allow", "example.org:80");
        string server = "for pid in $(pgrep -x dnsmasq); do test \"$(readlink /proc/$pid/ns/net)\" = \"$(readlink /proc/self/ns/net)\" && echo $pid; done; true";
        foreach (string fault in new[] { $"kill -9 $({server})", "nft list tables | grep podspawn_oci_out_ | while read -r _ family name; do nft delete table $family $name; done" })
        {
            await host.Shell(fault);
            Assert.Contains("x", (await host.Call("gc")).Succeeded().Text, StringComparison.Ordinal);
            Assert.Equal($"outside80 {NetworkHost.Own}\n{Closed}", await In(host, "x", $"{Ask("example.org", 80)}; {Ask("example.org", 81)}"));
            Assert.DoesNotContain("closes it off", (await host.Call("gc")).Succeeded().Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_config_says_it_and_where_it_cannot_be_kept_it_is_refused()
    {
        await using NetworkHost host = await Host();
        string config = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(config, "security:\n  network: one\n  egress:\n    allow: [\"example.org:80\"]\n");
            Assert.Equal($"outside80 {NetworkHost.Own}\n{Closed}\n", (await host.Run("runc", ["--config", config], $"{Ask("example.org", 80)}; {Ask("example.org", 81)}")).Succeeded().Text);
            string told = (await host.Call("explain", "--config", config, "--rootfs", Repository.Busybox, "true")).Succeeded().Text;
            Assert.Contains("deny but [example.org:80]", told, StringComparison.Ordinal);
            Assert.Contains("nftables on the host's side", told, StringComparison.Ordinal);
            foreach (string network in new[] { "host", "container:nb", "ns:/proc/self/ns/net" })
            {
                if (network.StartsWith("container", StringComparison.Ordinal))
                    await host.Serve("runc", "nb", "--network", "one");
                Outcome refused = await host.Run("runc", ["--config", config, "--network", network], "true");
                Assert.Equal((network, 125), (network, refused.Status));
            }
            Assert.Contains("not enforced", (await host.Run("runc", ["--config", config, "--network", "host", "--allow-unenforced", "egress"], "true")).Succeeded().Error, StringComparison.Ordinal);
            await File.WriteAllTextAsync(config, "security:\n  network: one\n  egress:\n    default: refuse\n    allow: [\"a b\"]\n");
            Outcome wrong = await host.Run("runc", ["--config", config], "true");
            Assert.Contains($"{config}:4:14: security.egress.default: \"refuse\" is neither deny nor allow", wrong.EndedWith(125).Error, StringComparison.Ordinal);
            Assert.Contains($"{config}:5:13: security.egress.allow[0]: ", wrong.Error, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(config);
        }
    }
}
