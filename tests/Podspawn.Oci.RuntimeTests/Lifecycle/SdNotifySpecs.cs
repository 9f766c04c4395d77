using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using CliWrap;

namespace Podspawn.Oci.RuntimeTests.Lifecycle;

/// <summary>A service manager is told when a container has started, by its start or by itself.</summary>
public sealed class SdNotifySpecs
{
    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Its_start_says_that_it_is_ready_and_names_the_monitor(string runtime)
    {
        using var manager = new ServiceManager();
        string name = Detached.NewName();
        (await manager.Call("run", "-d", "--name", name, "--runtime", runtime, "--sdnotify", "conmon", "--rootfs", Repository.Busybox, "--", "sh", "-c", "env; sleep 600")).Succeeded();
        JsonElement told = await Detached.Inspect(name);
        Assert.Equal($"MAINPID={told.GetProperty("State").GetProperty("ConmonPid").GetInt32().ToString(CultureInfo.InvariantCulture)}\nREADY=1", manager.Next());
        Assert.Equal(("conmon", manager.Path), (told.GetProperty("Config").GetProperty("SdNotifyMode").GetString(), told.GetProperty("Config").GetProperty("SdNotifySocket").GetString()));
        Assert.DoesNotContain("NOTIFY_SOCKET", (await PodspawnOci.Call(["logs", name])).Succeeded().Text, StringComparison.Ordinal);
        (await PodspawnOci.Call(["rm", "--force", name])).Succeeded();
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task A_container_says_it_itself_and_nothing_else(string runtime)
    {
        using var manager = new ServiceManager();
        string name = Detached.NewName();
        string[] run = ["run", "-d", "--name", name, "--runtime", runtime, "--sdnotify=container", "--user", "1:1", "--rootfs", Repository.Debian];
        string script = "until [ -e /tmp/go ]; do sleep 0.1; done; " +
            "perl -MSocket -e 'socket(S, AF_UNIX, SOCK_DGRAM, 0); for (@ARGV) { send(S, $_, 0, sockaddr_un($ENV{NOTIFY_SOCKET})) or die $! }' MAINPID=1 STATUS=x READY=1; " +
            "touch /run/notify/x; sleep 600";
        (await manager.Call([.. run, "--tmpfs", "/tmp:mode=1777", "--", "sh", "-c", script])).Succeeded();
        JsonElement told = await Detached.Inspect(name);
        Assert.Equal($"MAINPID={told.GetProperty("State").GetProperty("ConmonPid").GetInt32().ToString(CultureInfo.InvariantCulture)}", manager.Next());
        (await PodspawnOci.Call(["exec", name, "touch", "/tmp/go"])).Succeeded();
        Assert.Equal("READY=1", manager.Next());
        Assert.False(File.Exists($"/run/podspawn-oci/containers/{told.GetProperty("Id").GetString()}/notify/x"));
        (await PodspawnOci.Call(["rm", "--force", name])).Succeeded();
    }

    [Fact]
    public async Task What_cannot_be_told_is_refused()
    {
        using var manager = new ServiceManager();
        string[] root = ["--rootfs", Repository.Busybox, "true"];
        Assert.Contains("gvisor", (await manager.Call(["run", "-d", "--runtime", "runsc", "--sdnotify", "container", .. root])).EndedWith(125).Error, StringComparison.Ordinal);
        Assert.Contains("use ignore, conmon", (await manager.Call(["run", "-d", "--sdnotify", "x", .. root])).EndedWith(125).Error, StringComparison.Ordinal);
        Assert.Contains("--detach", (await manager.Call(["run", "--sdnotify", "conmon", .. root])).EndedWith(125).Error, StringComparison.Ordinal);
    }

    /// <summary>The socket of a service manager.</summary>
    private sealed class ServiceManager : IDisposable
    {
        private readonly TemporaryDirectory place = new();
        private readonly Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 20_000 };

        internal ServiceManager()
        {
            Path = $"{place.Path}/notify";
            socket.Bind(new UnixDomainSocketEndPoint(Path));
        }

        internal string Path { get; }

        internal Task<Outcome> Call(params string[] arguments) =>
            Outcome.Of(Cli.Wrap(Repository.Command).WithArguments(arguments).WithEnvironmentVariables(variables => variables.Set("NOTIFY_SOCKET", Path)));

        internal string Next()
        {
            byte[] message = new byte[4096];
            return Encoding.UTF8.GetString(message, 0, socket.Receive(message));
        }

        public void Dispose()
        {
            socket.Dispose();
            place.Dispose();
        }
    }
}
