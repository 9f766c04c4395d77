using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;
using Tmds.Linux;

namespace Podspawn.Oci.Lifecycle.Attaching;

/// <summary>
/// A connection to the monitor's attach socket (conmon, conn_sock.c): each packet received starts with a byte that names its stream, and what is sent
/// is stdin. No call blocks.
/// </summary>
internal sealed unsafe class AttachSocket : IDisposable
{
    /// <summary>The first byte of a packet of stdout; that of stderr is one higher. A terminal's output is stdout.</summary>
    internal const byte Stdout = 2;

    /// <summary>The longest packet that conmon sends is 8 KiB.</summary>
    internal const int LargestPacket = 16 * 1024;

    // conmon accepts 8 KiB of a packet, less one byte in some versions, and drops the rest.
    private const int LargestInput = 4096;
    private const int LongestPath = 107;

    private readonly SafeFileHandle handle;

    private AttachSocket(SafeFileHandle handle) => this.handle = handle;

    internal int Descriptor => (int)handle.DangerousGetHandle();

    /// <summary>Connects; returns null and an error number where nothing listens there.</summary>
    internal static AttachSocket? Connect(string path, out int errno)
    {
        int directory = PathCalls.Open(Path.GetDirectoryName(path)!, PathCalls.O_PATH | PathCalls.O_DIRECTORY | PathCalls.O_CLOEXEC);
        errno = directory < 0 ? Marshal.GetLastPInvokeError() : 0;
        if (directory < 0)
            return null;
        using var holder = new SafeFileHandle(directory, ownsHandle: true);
        int fd = LibC.socket(LibC.AF_UNIX, LibC.SOCK_SEQPACKET | LibC.SOCK_CLOEXEC | LibC.SOCK_NONBLOCK, 0);
        if (fd < 0)
        {
            errno = LibC.errno;
            return null;
        }
        var handle = new SafeFileHandle(fd, ownsHandle: true);
        // The path goes through the directory's descriptor: the full path may be too long for a socket (unix(7)).
        byte[] name = Encoding.UTF8.GetBytes($"/proc/self/fd/{directory}/{Path.GetFileName(path)}");
        Span<byte> address = stackalloc byte[2 + LongestPath + 1];
        address.Clear();
        BitConverter.TryWriteBytes(address, (ushort)LibC.AF_UNIX);
        name.CopyTo(address[2..]);
        fixed (byte* start = address)
        {
            if (LibC.connect(fd, (sockaddr*)start, address.Length) == 0)
                return new AttachSocket(handle);
        }
        errno = LibC.errno;
        handle.Dispose();
        return null;
    }

    /// <summary>Receives one packet. 0 is the end, a negative value a negated error number.</summary>
    internal int Receive(Span<byte> packet)
    {
        fixed (byte* bytes = packet)
        {
            while (true)
            {
                nint got = (nint)LibC.recv(Descriptor, bytes, packet.Length, 0);
                if (got >= 0)
                    return (int)got;
                // When a monitor ends before it has read all our input, the kernel reports that once, ahead of what the monitor sent.
                if (LibC.errno is not (Errno.EINTR or ConnectionReset))
                    return -LibC.errno;
            }
        }
    }

    /// <summary>Sends a part of the input. A negative value is a negated error number.</summary>
    internal int Send(ReadOnlySpan<byte> input)
    {
        fixed (byte* bytes = input)
        {
            while (true)
            {
                nint put = (nint)LibC.send(Descriptor, bytes, Math.Min(input.Length, LargestInput), LibC.MSG_NOSIGNAL);
                if (put >= 0)
                    return (int)put;
                if (LibC.errno != Errno.EINTR)
                    return -LibC.errno;
            }
        }
    }

    /// <summary>Tells the container that its stdin has ended.</summary>
    internal void EndInput() => _ = LibC.shutdown(Descriptor, LibC.SHUT_WR);

    public void Dispose() => handle.Dispose();

    private const int ConnectionReset = 104; // ECONNRESET
}
