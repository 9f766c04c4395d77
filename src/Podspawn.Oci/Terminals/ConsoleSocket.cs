using System.Text;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Terminals;

/// <summary>The unix socket on which a runtime sends the container's terminal (<c>--console-socket</c>).</summary>
public sealed class ConsoleSocket : IDisposable
{
    /// <summary>The longest path of a unix socket in bytes (unix(7): 108 with the NUL).</summary>
    public const int LongestPath = SocketCalls.LongestPath;

    private readonly SafeFileHandle listener;

    /// <summary>Binds the socket. Its directory must be the caller's alone, since any process that can connect can send a terminal.</summary>
    /// <exception cref="TerminalException">The path is too long, or the socket cannot be bound there.</exception>
    public ConsoleSocket(string path)
    {
        byte[] name = Encoding.UTF8.GetBytes(path);
        if (name.Length is 0 or > LongestPath || name.Contains((byte)0))
            throw new TerminalException($"{path}: a socket's path must have 1 to {LongestPath} bytes, this one has {name.Length}; use a shorter state directory");
        Path = path;
        listener = SocketCalls.Stream(out int errno) ?? throw Failure("cannot make a socket", errno);
        errno = SocketCalls.Listen(listener, name);
        if (errno == 0)
            return;
        listener.Dispose();
        throw Failure("cannot bind the socket", errno);
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
            WaitFor(listener, wake, cancellation);
            using SafeFileHandle? connection = SocketCalls.Accept(listener, out int errno);
            if (errno is Errno.EINTR or Errno.EAGAIN or Errno.ECONNABORTED)
                continue;
            if (connection is null)
                throw Failure("cannot accept the runtime's connection", errno);
            WaitFor(connection, wake, cancellation);
            return Receive(connection);
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

    private static void WaitFor(SafeFileHandle file, WakeUp wake, CancellationToken cancellation)
    {
        Span<TerminalCalls.PollFd> fds = [new(file, TerminalCalls.POLLIN), new(wake.Handle, TerminalCalls.POLLIN)];
        TerminalCalls.Poll(fds);
        // A message from before the cancellation counts: a detaching runtime sends the terminal and ends.
        if (!fds[0].IsReady)
            cancellation.ThrowIfCancellationRequested();
    }

    private PtyMaster Receive(SafeFileHandle connection)
    {
        if (SocketCalls.ReceiveDescriptor(connection, out int count, out int errno) is { } master)
            return new PtyMaster(master);
        if (errno != 0)
            throw Failure("cannot receive the container's terminal", errno);
        throw new TerminalException($"the runtime sent {(count == 0 ? "no descriptor" : $"{count} descriptors or more")} where the container's terminal was due");
    }

    private TerminalException Failure(string what, int errno) => new($"{Path}: {what}: {Errno.Text(errno)}");
}
