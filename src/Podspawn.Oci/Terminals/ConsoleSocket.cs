using System.Text;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;
using Tmds.Linux;

namespace Podspawn.Oci.Terminals;

/// <summary>The unix socket on which a runtime sends the container's terminal (<c>--console-socket</c>).</summary>
public sealed unsafe class ConsoleSocket : IDisposable
{
    /// <summary>The longest path of a unix socket in bytes (unix(7): 108 with the NUL).</summary>
    public const int LongestPath = 107;

    private const int MostDescriptors = 16;
    private readonly SafeFileHandle listener;

    /// <summary>Binds the socket. Its directory must be the caller's alone, since any process that can connect can send a terminal.</summary>
    /// <exception cref="TerminalException">The path is too long, or the socket cannot be bound there.</exception>
    public ConsoleSocket(string path)
    {
        byte[] name = Encoding.UTF8.GetBytes(path);
        if (name.Length is 0 or > LongestPath || name.Contains((byte)0))
            throw new TerminalException($"{path}: a socket's path must have 1 to {LongestPath} bytes, this one has {name.Length}; use a shorter state directory");
        Path = path;
        int fd = LibC.socket(LibC.AF_UNIX, LibC.SOCK_STREAM | LibC.SOCK_CLOEXEC | LibC.SOCK_NONBLOCK, 0);
        if (fd < 0)
            throw Failure("cannot make a socket");
        listener = new SafeFileHandle(fd, ownsHandle: true);
        Span<byte> address = stackalloc byte[2 + LongestPath + 1];
        address.Clear();
        BitConverter.TryWriteBytes(address, (ushort)LibC.AF_UNIX);
        name.CopyTo(address[2..]);
        fixed (byte* start = address)
        {
            if (LibC.bind(fd, (sockaddr*)start, address.Length) != 0 || LibC.listen(fd, 1) != 0)
            {
                TerminalException failure = Failure("cannot bind the socket");
                listener.Dispose();
                throw failure;
            }
        }
    }

    /// <summary>The path to pass to the runtime.</summary>
    public string Path { get; }

    /// <summary>Waits for the runtime to connect and send the terminal's master.</summary>
    /// <param name="cancellation">Cancel it when the runtime has ended. A terminal that it sent before its end is still accepted.</param>
    /// <exception cref="OperationCanceledException">The runtime ended without having sent a terminal.</exception>
    /// <exception cref="TerminalException">The runtime sent something else.</exception>
    public PtyMaster AcceptMaster(CancellationToken cancellation = default)
    {
        using var wake = new WakeUp();
        using CancellationTokenRegistration registration = cancellation.UnsafeRegister(static state => ((WakeUp)state!).Set(), wake);
        while (true)
        {
            WaitFor((int)listener.DangerousGetHandle(), wake, cancellation);
            int fd = LibC.accept4((int)listener.DangerousGetHandle(), null, null, LibC.SOCK_CLOEXEC | LibC.SOCK_NONBLOCK);
            if (fd < 0 && LibC.errno is Errno.EINTR or Errno.EAGAIN or ConnectionAborted)
                continue;
            if (fd < 0)
                throw Failure("cannot accept the runtime's connection");
            using var connection = new SafeFileHandle(fd, ownsHandle: true);
            WaitFor(fd, wake, cancellation);
            return Receive(fd);
        }
    }

    /// <summary>Closes and removes the socket.</summary>
    public void Dispose()
    {
        if (listener.IsClosed)
            return;
        listener.Dispose();
        File.Delete(Path);
    }

    private const int ConnectionAborted = 103; // ECONNABORTED

    private static void WaitFor(int fd, WakeUp wake, CancellationToken cancellation)
    {
        Span<TerminalCalls.PollFd> fds = [new(fd, TerminalCalls.POLLIN), new(wake.Descriptor, TerminalCalls.POLLIN)];
        TerminalCalls.Poll(fds);
        // A message from before the cancellation counts: a detaching runtime sends the terminal and ends.
        if (!fds[0].IsReady)
            cancellation.ThrowIfCancellationRequested();
    }

    private PtyMaster Receive(int connection)
    {
        // The payload is a name (runc /dev/ptmx, runsc pty-master) without information; reading one byte of it is enough to get the descriptors.
        byte* payload = stackalloc byte[64];
        int space = LibC.CMSG_SPACE(MostDescriptors * sizeof(int));
        byte* control = stackalloc byte[space];
        var vector = new iovec { iov_base = payload, iov_len = 64 };
        var message = new msghdr { msg_iov = &vector, msg_iovlen = 1, msg_control = control, msg_controllen = space };
        nint got;
        do
            got = (nint)LibC.recvmsg(connection, &message, LibC.MSG_CMSG_CLOEXEC);
        while (got < 0 && LibC.errno == Errno.EINTR);
        if (got < 0)
            throw Failure("cannot receive the container's terminal");

        int master = -1;
        int count = 0;
        for (cmsghdr* header = LibC.CMSG_FIRSTHDR(&message); header is not null; header = LibC.CMSG_NXTHDR(&message, header))
        {
            if (header->cmsg_level != LibC.SOL_SOCKET || header->cmsg_type != LibC.SCM_RIGHTS)
                continue;
            int* sent = (int*)LibC.CMSG_DATA(header);
            // The header's own length is subtracted by hand: CMSG_LEN of Tmds.LibC 0.5.0 rounds up (24 for 4, where C has 20).
            int here = ((int)(ulong)header->cmsg_len - sizeof(cmsghdr)) / sizeof(int);
            for (int i = 0; i < here; i++, count++)
            {
                if (count == 0)
                    master = sent[i];
                else
                    _ = LibC.close(sent[i]);
            }
        }
        if (count == 1 && (message.msg_flags & LibC.MSG_CTRUNC) == 0)
            return new PtyMaster(master);
        if (master >= 0)
            _ = LibC.close(master);
        throw new TerminalException($"the runtime sent {(count == 0 ? "no descriptor" : $"{count} descriptors or more")} where the container's terminal was due");
    }

    private TerminalException Failure(string what) => new($"{Path}: {what}: {Errno.Text(LibC.errno)}");
}
