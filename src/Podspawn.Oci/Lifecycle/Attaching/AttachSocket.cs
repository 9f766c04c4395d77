using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;
using Tmds.Linux;

namespace Podspawn.Oci.Lifecycle.Attaching;

/// <summary>
/// A connection to the monitor's attach socket (conmon, conn_sock.c): what comes are packets whose first byte names the stream, what goes is
/// stdin. No call blocks.
/// </summary>
internal sealed unsafe class AttachSocket : IDisposable
{
    /// <summary>The first byte of a packet that holds stdout; that of stderr is one more. A terminal's output is stdout.</summary>
    internal const byte Stdout = 2;

    /// <summary>The longest packet that conmon sends is 8 KiB.</summary>
    internal const int LargestPacket = 16 * 1024;

    // conmon takes 8 KiB of a packet, less one byte in some versions, and drops the rest.
    private const int LargestInput = 4096;
    private const int LongestPath = 107;

    private readonly SafeFileHandle handle;

    private AttachSocket(SafeFileHandle handle) => this.handle = handle;

    internal int Descriptor => (int)handle.DangerousGetHandle();

    /// <summary>Connects; null with an error number where nobody listens there.</summary>
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
        // By way of the directory's descriptor: the path itself may be too long for a socket (unix(7)).
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

    /// <summary>One packet. 0 is the end, less than 0 an error number, negated.</summary>
    internal int Receive(Span<byte> packet)
    {
        fixed (byte* bytes = packet)
        {
            while (true)
            {
                nint got = (nint)LibC.recv(Descriptor, bytes, packet.Length, 0);
                if (got >= 0)
                    return (int)got;
                // A monitor that ends without having read all our input has us told so, once, before what it sent itself.
                if (LibC.errno is not (Errno.EINTR or ConnectionReset))
                    return -LibC.errno;
            }
        }
    }

    /// <summary>Sends a part of that. Less than 0 is an error number, negated.</summary>
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
