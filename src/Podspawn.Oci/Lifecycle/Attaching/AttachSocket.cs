using System.Text;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Lifecycle.Attaching;

/// <summary>
/// A connection to the monitor's attach socket (conmon, conn_sock.c): each packet received starts with a byte that names its stream, and what is sent
/// is stdin. No call blocks.
/// </summary>
internal sealed class AttachSocket : IDisposable
{
    /// <summary>The first byte of a packet of stdout; that of stderr is one higher. A terminal's output is stdout.</summary>
    internal const byte Stdout = 2;

    /// <summary>The longest packet that conmon sends is 8 KiB.</summary>
    internal const int LargestPacket = 16 * 1024;

    // conmon accepts 8 KiB of a packet, less one byte in some versions, and drops the rest.
    private const int LargestInput = 4096;

    private readonly SafeFileHandle handle;

    private AttachSocket(SafeFileHandle handle) => this.handle = handle;

    /// <summary>Readable when a packet has come.</summary>
    internal SafeFileHandle Handle => handle;

    /// <summary>Connects; returns null and an error number where nothing listens there.</summary>
    internal static AttachSocket? Connect(string path, out int errno)
    {
        using SafeFileHandle? directory = PathCalls.Open(Path.GetDirectoryName(path)!, PathCalls.O_PATH | PathCalls.O_DIRECTORY, out errno);
        if (directory is null || SocketCalls.Packets(out errno) is not { } handle)
            return null;
        // The path goes through the directory's descriptor: the full path may be too long for a socket (unix(7)).
        errno = SocketCalls.Connect(handle, Encoding.UTF8.GetBytes($"{EntryCalls.PathOf(directory)}/{Path.GetFileName(path)}"));
        if (errno == 0)
            return new AttachSocket(handle);
        handle.Dispose();
        return null;
    }

    /// <summary>Receives one packet. 0 is the end, a negative value a negated error number.</summary>
    internal int Receive(Span<byte> packet)
    {
        while (true)
        {
            int got = SocketCalls.Receive(handle, packet);
            // When a monitor ends before it has read all our input, the kernel reports that once, ahead of what the monitor sent.
            if (got is not (-Errno.EINTR or -Errno.ECONNRESET))
                return got;
        }
    }

    /// <summary>Sends a part of the input. A negative value is a negated error number.</summary>
    internal int Send(ReadOnlySpan<byte> input) => SocketCalls.Send(handle, input[..Math.Min(input.Length, LargestInput)]);

    /// <summary>Tells the container that its stdin has ended.</summary>
    internal void EndInput() => SocketCalls.EndSending(handle);

    public void Dispose() => handle.Dispose();
}
