using System.Net.Sockets;
using Podspawn.Oci.Terminals;
using Tmds.Linux;

namespace Podspawn.Oci.Tests.Terminals;

public sealed class ConsoleSocketSpecs : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly string directory = Directory.CreateTempSubdirectory("console").FullName;

    private string SocketPath => Path.Combine(directory, "s");

    [Fact]
    public void The_terminal_that_is_sent_is_the_terminal_that_arrives()
    {
        using var console = new ConsoleSocket(SocketPath);
        using var pty = new PtyPair();
        using Socket runtime = Connect();
        SendDescriptors(runtime, "/dev/ptmx"u8, pty.Master.Descriptor);
        using PtyMaster master = console.AcceptMaster();
        Assert.NotEqual(pty.Master.Descriptor, master.Descriptor);
        PipePair.WriteAll(pty.AsRaw().Slave, "hello"u8);
        Assert.Equal("hello"u8, PipePair.Read(master.Descriptor, 5));
        Assert.NotEqual(0, LibC.fcntl(master.Descriptor, LibC.F_GETFD) & LibC.FD_CLOEXEC);
    }

    [Fact]
    public async Task A_runtime_that_comes_late_is_waited_for()
    {
        using var console = new ConsoleSocket(SocketPath);
        using var pty = new PtyPair();
        Task<PtyMaster> accepting = Task.Run(() => console.AcceptMaster());
        using Socket runtime = Connect();
        Assert.False(accepting.IsCompleted);
        SendDescriptors(runtime, "pty-master"u8, pty.Master.Descriptor);
        (await accepting.WaitAsync(Patience)).Dispose();
    }

    [Fact]
    public async Task A_runtime_that_dies_before_it_connects_is_not_waited_for()
    {
        using var console = new ConsoleSocket(SocketPath);
        using var runtimeEnded = new CancellationTokenSource();
        Task<PtyMaster> accepting = Task.Run(() => console.AcceptMaster(runtimeEnded.Token));
        await runtimeEnded.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => accepting.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_runtime_that_dies_between_connecting_and_sending_is_not_waited_for()
    {
        using var console = new ConsoleSocket(SocketPath);
        using var runtimeEnded = new CancellationTokenSource();
        using Socket runtime = Connect();
        Task<PtyMaster> accepting = Task.Run(() => console.AcceptMaster(runtimeEnded.Token));
        await runtimeEnded.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => accepting.WaitAsync(Patience));
    }

    [Fact]
    public void A_terminal_sent_before_the_runtime_ended_is_still_taken()
    {
        using var console = new ConsoleSocket(SocketPath);
        using var pty = new PtyPair();
        using (Socket runtime = Connect())
            SendDescriptors(runtime, "x"u8, pty.Master.Descriptor);
        using PtyMaster master = console.AcceptMaster(new CancellationToken(canceled: true));
        Assert.False(master.IsInvalid);
    }

    [Fact]
    public void A_runtime_that_hangs_up_without_a_terminal_is_an_error()
    {
        using var console = new ConsoleSocket(SocketPath);
        Connect().Dispose();
        Assert.Contains("no descriptor", Assert.Throws<TerminalException>(() => console.AcceptMaster()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_than_one_descriptor_is_an_error_and_none_stays_open()
    {
        using var console = new ConsoleSocket(SocketPath);
        using var pty = new PtyPair();
        using var pipe = new PipePair();
        using Socket runtime = Connect();
        SendDescriptors(runtime, "x"u8, pipe.Writer, pty.Master.Descriptor, pipe.Writer);
        Assert.Throws<TerminalException>(() => console.AcceptMaster());
        // With every copy of the writer closed the pipe is at its end.
        pipe.CloseWriter();
        Assert.Empty(PipePair.Read(pipe.Reader, 1));
    }

    [Fact]
    public void What_is_not_the_master_of_a_terminal_is_refused_and_closed()
    {
        using var console = new ConsoleSocket(SocketPath);
        using var pipe = new PipePair();
        using Socket runtime = Connect();
        SendDescriptors(runtime, "x"u8, pipe.Writer);
        Assert.Contains("pseudo-terminal", Assert.Throws<TerminalException>(() => console.AcceptMaster()).Message, StringComparison.Ordinal);
        pipe.CloseWriter();
        Assert.Empty(PipePair.Read(pipe.Reader, 1));
    }

    [Fact]
    public void The_slave_of_a_terminal_is_refused()
    {
        using var console = new ConsoleSocket(SocketPath);
        using var pty = new PtyPair();
        using Socket runtime = Connect();
        SendDescriptors(runtime, "x"u8, pty.Slave);
        Assert.Throws<TerminalException>(() => console.AcceptMaster());
    }

    [Fact]
    public void The_longest_path_works_and_one_byte_more_is_refused()
    {
        string longest = SocketPath.PadRight(ConsoleSocket.LongestPath, 'x');
        using (new ConsoleSocket(longest))
            Assert.True(File.Exists(longest));
        Assert.Contains("107", Assert.Throws<TerminalException>(() => new ConsoleSocket(longest + "x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Disposing_removes_the_socket()
    {
        var console = new ConsoleSocket(SocketPath);
        console.Dispose();
        console.Dispose();
        Assert.False(File.Exists(SocketPath));
    }

    [Fact]
    public void A_directory_that_is_not_there_is_an_error_with_the_path()
    {
        string path = Path.Combine(directory, "none", "s");
        Assert.Contains(path, Assert.Throws<TerminalException>(() => new ConsoleSocket(path)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private Socket Connect()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(SocketPath));
        return socket;
    }

    private static unsafe void SendDescriptors(Socket socket, ReadOnlySpan<byte> name, params ReadOnlySpan<int> descriptors)
    {
        int length = sizeof(cmsghdr) + (descriptors.Length * sizeof(int));
        byte* control = stackalloc byte[LibC.CMSG_SPACE(descriptors.Length * sizeof(int))];
        var header = (cmsghdr*)control;
        header->cmsg_len = length;
        header->cmsg_level = LibC.SOL_SOCKET;
        header->cmsg_type = LibC.SCM_RIGHTS;
        descriptors.CopyTo(new Span<int>(LibC.CMSG_DATA(header), descriptors.Length));
        fixed (byte* payload = name)
        {
            var vector = new iovec { iov_base = payload, iov_len = name.Length };
            var message = new msghdr { msg_iov = &vector, msg_iovlen = 1, msg_control = control, msg_controllen = length };
            Assert.Equal(name.Length, (int)(nint)LibC.sendmsg((int)socket.Handle, &message, 0));
        }
    }
}
