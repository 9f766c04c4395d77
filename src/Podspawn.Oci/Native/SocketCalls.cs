using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Tmds.Linux;

namespace Podspawn.Oci.Native;

/// <summary>Unix sockets that never block and that children do not inherit (unix(7)).</summary>
internal static unsafe class SocketCalls
{
    /// <summary>The longest path of a unix socket in bytes: 108 with the NUL.</summary>
    internal const int LongestPath = 107;

    private const int MostDescriptors = 16;

    /// <summary>A socket for a stream of bytes; null with an error number where there is none to be had.</summary>
    internal static SafeFileHandle? Stream(out int errno) => Make(LibC.SOCK_STREAM, out errno);

    /// <summary>A socket for packets in sequence; null with an error number where there is none to be had.</summary>
    internal static SafeFileHandle? Packets(out int errno) => Make(LibC.SOCK_SEQPACKET, out errno);

    /// <summary>Binds a socket to a path of at most <see cref="LongestPath"/> bytes and listens there. Answers 0, or an error number.</summary>
    internal static int Listen(SafeFileHandle socket, ReadOnlySpan<byte> path)
    {
        using var held = new HeldDescriptor(socket);
        Span<byte> address = stackalloc byte[2 + LongestPath + 1];
        Address(path, address);
        fixed (byte* start = address)
            return LibC.bind(held.Number, (sockaddr*)start, address.Length) == 0 && LibC.listen(held.Number, 1) == 0 ? 0 : LibC.errno;
    }

    /// <summary>Connects a socket to the one that listens at a path of at most <see cref="LongestPath"/> bytes. Answers 0, or an error number.</summary>
    internal static int Connect(SafeFileHandle socket, ReadOnlySpan<byte> path)
    {
        using var held = new HeldDescriptor(socket);
        Span<byte> address = stackalloc byte[2 + LongestPath + 1];
        Address(path, address);
        fixed (byte* start = address)
            return LibC.connect(held.Number, (sockaddr*)start, address.Length) == 0 ? 0 : LibC.errno;
    }

    /// <summary>Takes a connection; null with an error number where there is none.</summary>
    internal static SafeFileHandle? Accept(SafeFileHandle listener, out int errno)
    {
        using var held = new HeldDescriptor(listener);
        return Owned(LibC.accept4(held.Number, null, null, LibC.SOCK_CLOEXEC | LibC.SOCK_NONBLOCK), out errno);
    }

    /// <summary>One packet, or some bytes. 0 is the end, less than 0 an error number, negated.</summary>
    internal static int Receive(SafeFileHandle socket, Span<byte> packet)
    {
        using var held = new HeldDescriptor(socket);
        fixed (byte* bytes = packet)
        {
            nint got = (nint)LibC.recv(held.Number, bytes, packet.Length, 0);
            return got >= 0 ? (int)got : -LibC.errno;
        }
    }

    /// <summary>Sends a packet, or some bytes, again after an interruption. Less than 0 is an error number, negated.</summary>
    internal static int Send(SafeFileHandle socket, ReadOnlySpan<byte> packet)
    {
        using var held = new HeldDescriptor(socket);
        fixed (byte* bytes = packet)
        {
            while (true)
            {
                nint put = (nint)LibC.send(held.Number, bytes, packet.Length, LibC.MSG_NOSIGNAL);
                if (put >= 0)
                    return (int)put;
                if (LibC.errno != Errno.EINTR)
                    return -LibC.errno;
            }
        }
    }

    /// <summary>Tells the other side that no more data follows (shutdown(2)).</summary>
    internal static void EndSending(SafeFileHandle socket)
    {
        using var held = new HeldDescriptor(socket);
        _ = LibC.shutdown(held.Number, LibC.SHUT_WR);
    }

    /// <summary>Receives the one descriptor that the other side has sent (unix(7), SCM_RIGHTS). Where it sent more, all of them are closed.</summary>
    /// <param name="connection">The connection, with something to read.</param>
    /// <param name="count">How many it sent, as far as there was room for them.</param>
    /// <param name="errno">0, or an error number.</param>
    /// <returns>The descriptor, to be closed by whoever takes it; null where it is not exactly one.</returns>
    internal static int? ReceiveDescriptor(SafeFileHandle connection, out int count, out int errno)
    {
        // The payload is a name (runc /dev/ptmx, runsc pty-master) without information; reading one byte of it is enough to get the descriptors.
        byte* payload = stackalloc byte[64];
        int space = LibC.CMSG_SPACE(MostDescriptors * sizeof(int));
        byte* control = stackalloc byte[space];
        var vector = new iovec { iov_base = payload, iov_len = 64 };
        var message = new msghdr { msg_iov = &vector, msg_iovlen = 1, msg_control = control, msg_controllen = space };
        using var held = new HeldDescriptor(connection);
        nint got;
        do
            got = (nint)LibC.recvmsg(held.Number, &message, LibC.MSG_CMSG_CLOEXEC);
        while (got < 0 && LibC.errno == Errno.EINTR);
        errno = got < 0 ? LibC.errno : 0;
        count = 0;
        if (got < 0)
            return null;

        int first = -1;
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
                    first = sent[i];
                else
                    _ = LibC.close(sent[i]);
            }
        }
        if (count == 1 && (message.msg_flags & LibC.MSG_CTRUNC) == 0)
            return first;
        if (first >= 0)
            _ = LibC.close(first);
        return null;
    }

    private static SafeFileHandle? Make(int type, out int errno) => Owned(LibC.socket(LibC.AF_UNIX, type | LibC.SOCK_CLOEXEC | LibC.SOCK_NONBLOCK, 0), out errno);

    private static SafeFileHandle? Owned(int fd, out int errno)
    {
        errno = fd < 0 ? LibC.errno : 0;
        return fd < 0 ? null : new SafeFileHandle(fd, ownsHandle: true);
    }

    // struct sockaddr_un.
    private static void Address(ReadOnlySpan<byte> path, Span<byte> address)
    {
        address.Clear();
        MemoryMarshal.Write(address, (ushort)LibC.AF_UNIX);
        path.CopyTo(address[2..]);
    }
}
