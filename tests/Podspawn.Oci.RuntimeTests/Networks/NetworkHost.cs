using CliWrap;

namespace Podspawn.Oci.RuntimeTests.Networks;

/// <summary>
/// A host of the test's own: its own network namespace and its own state. Beside it is another host, 198.51.100.1, which it reaches by its address
/// 198.51.100.2 (RFC 5737), and by 2001:db8::1 and ::2 (RFC 3849).
/// </summary>
internal sealed class NetworkHost : IAsyncDisposable
{
    internal const string Outside = "198.51.100.1", Own = "198.51.100.2", Outside6 = "2001:db8::1", Own6 = "2001:db8::2";

    private readonly World world;
    private readonly MountNamespace other;
    private readonly CancellationTokenSource end = new();
    private readonly List<Task> listeners = [];
    private readonly System.Collections.Concurrent.ConcurrentBag<string> asked = [];

    private NetworkHost(World world, MountNamespace other) => (this.world, this.other) = (world, other);

    internal static async Task<NetworkHost> Make()
    {
        var host = new NetworkHost(await World.Make(ownNetwork: true), await MountNamespace.Enter(ownNetwork: true));
        await host.Shell($"""
            ip link add up0 type veth peer name up0 netns {host.other.Entry[1].Split('/')[2]}
            ip addr add {Own}/24 dev up0 && ip -6 addr add {Own6}/64 dev up0 nodad && ip link set up0 up && ip route add default via {Outside}
            """);
        (await host.other.Run("sh", "-c", $"ip addr add {Outside}/24 dev up0 && ip -6 addr add {Outside6}/64 dev up0 nodad && ip link set up0 up")).Succeeded();
        return host;
    }

    /// <summary>Calls a verb of the published command.</summary>
    internal Task<Outcome> Call(params string[] arguments) => world.Call(arguments);

    /// <summary>Calls a verb of the build that can be ended between two steps.</summary>
    internal Task<Outcome> CallFaulty((string Name, string Value) fault, params string[] arguments) =>
        Outcome.Of(world.Program(["env", $"{fault.Name}={fault.Value}", Repository.FaultCommand, .. arguments]));

    /// <summary>Runs a line of shell on the host, which must succeed.</summary>
    internal Task<Outcome> Shell(string line) => world.Shell(line);

    /// <summary>Makes a network.</summary>
    internal async Task Create(string name, params string[] flags) => (await Call(["network", "create", .. flags, name])).Succeeded();

    /// <summary>Runs a shell script in a container on the busybox root filesystem, to its end.</summary>
    internal Task<Outcome> Run(string runtime, string[] flags, string script) =>
        Call(["run", "--runtime", runtime, "--rootfs", Repository.Busybox, .. flags, "--", "sh", "-c", script]);

    /// <summary>Starts a container that answers each connection to its port 80 by its own name, by TCP, and waits until it does.</summary>
    internal async Task Serve(string runtime, string name, params string[] flags)
    {
        string script = $"nc -ll -p 80 -e /bin/echo {name} & exec nc -ll -p 81 -e /bin/echo {name}";
        (await Call(["run", "--detach", "--runtime", runtime, "--rootfs", Repository.Busybox, "--name", name, .. flags, "--", "sh", "-c", script])).Succeeded();
        await Eventually.Holds($"{name} serves", async () => (await Call("exec", name, "sh", "-c", "nc -w 1 127.0.0.1 80 </dev/null")).Text == $"{name}\n");
    }

    /// <summary>Listens on the host by TCP, and answers each connection by a word.</summary>
    internal Task Listen(string address, int port, string word) => Listen(world.Program(Answer(address, port, word, "SOCK_STREAM")));

    /// <summary>Listens on the host by UDP.</summary>
    internal Task ListenUdp(string address, int port, string word) => Listen(world.Program(Answer(address, port, word, "SOCK_DGRAM")));

    /// <summary>Listens on the other host by TCP.</summary>
    internal Task ListenOutside(string address, int port, string word) => Listen(Cli.Wrap("nsenter").WithArguments([.. other.Entry, .. Answer(address, port, word, "SOCK_STREAM")]));

    /// <summary>Has the other host collect the words at the end of all messages of ICMPv6 that it gets, behind 24 bytes.</summary>
    internal async Task<IReadOnlyCollection<string>> OverhearOutside()
    {
        var heard = new System.Collections.Concurrent.ConcurrentBag<string>();
        string[] program = ["python3", "-c", """
            import socket
            raw = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
            print('ready', flush=True)
            while True: print(raw.recv(2000)[24:].decode(errors='replace'), flush=True)
            """];
        await Listen(Cli.Wrap("nsenter").WithArguments([.. other.Entry, .. program]), heard.Add);
        return heard;
    }

    /// <summary>Listens on the other host by UDP.</summary>
    internal Task ListenUdpOutside(string address, int port, string word) =>
        Listen(Cli.Wrap("nsenter").WithArguments([.. other.Entry, .. Answer(address, port, word, "SOCK_DGRAM")]));

    /// <summary>
    /// Has the other host answer questions for names, by UDP and TCP, and this host ask there. A name has one address, or leads to another name, or there is
    /// none.
    /// </summary>
    internal async Task ServeNames(params (string Name, string Target)[] names)
    {
        await Shell($"echo nameserver {Outside} >/run/podspawn-oci/resolv && mount --bind /run/podspawn-oci/resolv /etc/resolv.conf && rm -f /run/podspawn-oci/asked");
        string[] server = ["python3", "-c", NameServer, Outside, .. names.Select(name => $"{name.Name}={name.Target}")];
        await Listen(Cli.Wrap("nsenter").WithArguments([.. other.Entry, .. server]), asked.Add);
    }

    /// <summary>The names that the other host was asked for.</summary>
    internal string[] Asked => [.. asked.Where(line => line != "ready").Distinct()];

    /// <summary>Runs a line of shell on the other host.</summary>
    internal Task<Outcome> ShellOutside(string line) => other.Run("sh", "-c", line);

    /// <summary>Asks a server by TCP from this host; what it answers, or nothing.</summary>
    internal async Task<string> Ask(string address, int port) => (await Outcome.Of(world.Program(Question(address, port, "SOCK_STREAM")))).Text.Trim();

    /// <summary>Asks a server by UDP from this host; what it answers, or nothing.</summary>
    internal async Task<string> AskUdp(string address, int port) => (await Outcome.Of(world.Program(Question(address, port, "SOCK_DGRAM")))).Text.Trim();

    /// <summary>Asks a server by TCP from the other host; what it answers, or nothing.</summary>
    internal async Task<string> AskFromOutside(string address, int port) => (await other.Run(Question(address, port, "SOCK_STREAM"))).Text.Trim();

    /// <summary>What networks leave on a host: bridges, tables of ours, servers of names, leases.</summary>
    /// <param name="chains">Whether the chains that netavark leaves count as well, which go with the last container of a network.</param>
    internal async Task<string[]> Left(bool chains = true) => [.. await Remainders(), .. chains ? await Chains() : []];

    private async Task<string[]> Chains() =>
        (await Shell("nft list ruleset 2>/dev/null | grep -o 'chain NETAVARK-[0-9A-F]\\{13\\}\\|chain NETAVARK-DN-[0-9A-F]*' || true")).Lines;

    private async Task<string[]> Remainders() => (await Shell("""
        ip -o link | grep -o 'poci[0-9a-f]*\|veth[0-9a-f]*' || true
        nft list tables | grep podspawn || true
        nft list ruleset 2>/dev/null | grep -E 'dnat|masquerade|saddr' | grep -v 0x00002000 | sed 's/counter packets [0-9]* bytes [0-9]*//' || true
        find /var/lib/podspawn-oci/networks/.boot/*/leases -mindepth 2 ! -name '.last*' 2>/dev/null || true
        find /var/lib/podspawn-oci/networks/.boot/*/netavark/aardvark-dns -mindepth 1 2>/dev/null || true
        find /run/podspawn-oci/containers -name network.json 2>/dev/null || true
        for pid in $(pgrep -x dnsmasq); do test "$(readlink /proc/$pid/ns/net)" = "$(readlink /proc/self/ns/net)" && echo "dnsmasq $pid"; done || true
        """)).Lines;

    internal async Task AssertNothingLeft() => await Eventually.Holds($"nothing is left: {string.Join(", ", await Left())}", async () => (await Left()).Length == 0);

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await Task.WhenAll(listeners).ContinueWith(_ => { }, TaskScheduler.Default);
        string[] left = (await Call("ps", "--all", "--quiet", "--no-trunc")).Lines;
        if (left.Length > 0)
            (await Call(["rm", "--force", .. left])).Succeeded();
        (await Call("network", "prune", "--force")).Succeeded();
        await AssertNothingLeft();
        await world.DisposeAsync();
        await other.DisposeAsync();
        end.Dispose();
    }

    private async Task Listen(Command command, Action<string>? told = null)
    {
        var ready = new TaskCompletionSource();
        void Tell(string line)
        {
            told?.Invoke(line);
            ready.TrySetResult();
        }
        listeners.Add(command.WithStandardOutputPipe(PipeTarget.ToDelegate(Tell)).ExecuteAsync(end.Token).Task);
        await ready.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private const string NameServer = """
        import socket, struct, sys, threading
        names = dict(word.split('=') for word in sys.argv[2:])
        def text(name): return b''.join(bytes([len(part)]) + part.encode() for part in name.split('.')) + b'\0'
        def answer(m):
            at, labels = 12, []
            while m[at]:
                labels.append(m[at + 1:at + 1 + m[at]].decode())
                at += m[at] + 1
            name, kind = '.'.join(labels).lower(), struct.unpack('>H', m[at + 1:at + 3])[0]
            print(name, flush=True)
            records, owner = [], name
            while names.get(owner, '')[:1].isalpha() and not ':' in names[owner]:
                target = text(names[owner])
                records.append(text(owner) + struct.pack('>HHIH', 5, 1, 300, len(target)) + target)
                owner = names[owner]
            address = names.get(owner)
            family = None if address is None else socket.AF_INET6 if ':' in address else socket.AF_INET
            if family == (socket.AF_INET6 if kind == 28 else socket.AF_INET if kind == 1 else 0):
                data = socket.inet_pton(family, address)
                records.append(text(owner) + struct.pack('>HHIH', kind, 1, 300, len(data)) + data)
            return m[:2] + (b'\x81\x80' if name in names else b'\x81\x83') + struct.pack('>HHHH', 1, len(records), 0, 0) + m[12:at + 5] + b''.join(records)
        stream = socket.create_server((sys.argv[1], 53))
        def serve():
            while True:
                c, _ = stream.accept()
                try:
                    reply = answer(c.recv(2000)[2:])
                    c.sendall(struct.pack('>H', len(reply)) + reply)
                except (OSError, IndexError): pass
                c.close()
        threading.Thread(target=serve, daemon=True).start()
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.bind((sys.argv[1], 53))
        print('ready', flush=True)
        while True:
            m, who = s.recvfrom(2000)
            s.sendto(answer(m), who)
        """;

    private static string[] Answer(string address, int port, string word, string kind) => ["python3", "-c", """
        import socket, sys
        address, port, word, kind = sys.argv[1], int(sys.argv[2]), sys.argv[3].encode(), getattr(socket, sys.argv[4])
        s = socket.socket(socket.AF_INET6 if ':' in address else socket.AF_INET, kind)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind((address, port))
        if kind == socket.SOCK_STREAM: s.listen()
        print('ready', flush=True)
        while True:
            if kind == socket.SOCK_STREAM:
                c, who = s.accept()
                try: c.sendall(word + b' ' + who[0].encode() + b'\n')
                except OSError: pass
                c.close()
            else:
                _, who = s.recvfrom(100)
                s.sendto(word + b' ' + who[0].encode() + b'\n', who)
        """, address, $"{port}", word, kind];

    private static string[] Question(string address, int port, string kind) => ["python3", "-c", """
        import socket, sys
        address, port, kind = sys.argv[1], int(sys.argv[2]), getattr(socket, sys.argv[3])
        s = socket.socket(socket.AF_INET6 if ':' in address else socket.AF_INET, kind)
        s.settimeout(3)
        try:
            s.connect((address, port))
            if kind == socket.SOCK_DGRAM: s.send(b'?')
            print(s.recv(100).decode(), end='')
        except OSError: pass
        """, address, $"{port}", kind];
}
