using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Lifecycle.Attaching;

/// <summary>
/// A connection to the monitor's attach socket (conmon, conn_sock.c): what comes are packets whose first byte names the stream, what goes is
/// stdin. No call blocks.
/// </summary>
internal sealed class AttachSocket : IDisposable
{
    /// <summary>The first byte of a packet that holds stdout; that of stderr is one more. A terminal's output is stdout.</summary>
    internal const byte Stdout = 2;

    /// <summary>The longest packet that conmon sends is 8 KiB.</summary>
    internal const int LargestPacket = 16 * 1024;

    // conmon takes 8 KiB of a packet, less one byte in some versions, and drops the rest.
    private const int LargestInput = 4096;

    private readonly SafeFileHandle handle;

    private AttachSocket(SafeFileHandle handle) => this.handle = handle;

    /// <summary>Readable when a packet has come.</summary>
    internal SafeFileHandle Handle => handle;

    /// <summary>Connects; null with an error number where nobody listens there.</summary>
    internal static AttachSocket? Connect(string path, out int errno)
    {
        int directory = PathCalls.Open(Path.GetDirectoryName(path)!, PathCalls.O_PATH | PathCalls.O_DIRECTORY | PathCalls.O_CLOEXEC);
        errno = directory < 0 ? Marshal.GetLastPInvokeError() : 0;
        if (directory < 0)
            return null;
        using var holder = new SafeFileHandle(directory, ownsHandle: true);
        if (SocketCalls.Packets(out errno) is not { } handle)
            return null;
        // By way of the directory's descriptor: the path itself may be too long for a socket (unix(7)).
        errno = SocketCalls.Connect(handle, Encoding.UTF8.GetBytes($"{EntryCalls.PathOf(holder)}/{Path.GetFileName(path)}"));
        if (errno == 0)
            return new AttachSocket(handle);
        handle.Dispose();
        return null;
    }

    /// <summary>One packet. 0 is the end, less than 0 an error number, negated.</summary>
    internal int Receive(Span<byte> packet)
    {
        while (true)
        {
            int got = SocketCalls.Receive(handle, packet);
            // A monitor that ends without having read all our input has us told so, once, before what it sent itself.
            if (got is not (-Errno.EINTR or -Errno.ECONNRESET))
                return got;
        }
    }

    /// <summary>Sends a part of that. Less than 0 is an error number, negated.</summary>
    internal int Send(ReadOnlySpan<byte> input) => SocketCalls.Send(handle, input[..Math.Min(input.Length, LargestInput)]);

    /// <summary>Tells the container that its stdin has ended.</summary>
    internal void EndInput() => SocketCalls.EndSending(handle);

    public void Dispose() => handle.Dispose();
}
