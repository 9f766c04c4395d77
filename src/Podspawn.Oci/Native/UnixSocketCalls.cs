using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>Unix sockets, and the descriptors that come over them (unix(7), cmsg(3)).</summary>
internal static partial class UnixSocketCalls
{
    /// <summary>The longest path that fits sun_path with its NUL.</summary>
    internal const int LongestPath = 107;

    private const int AF_UNIX = 1;
    private const int SOCK_STREAM = 1;
    private const int SOCK_CLOEXEC = 0x80000;
    private const int SOL_SOCKET = 1;
    private const int SCM_RIGHTS = 1;
    private const int MSG_CMSG_CLOEXEC = 0x40000000;

    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct SocketAddress
    {
        public ushort Family;
        public fixed byte Path[108];
    }

    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct Vector
    {
        public void* Base;
        public nuint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct MessageHeader
    {
        public void* Name;
        public uint NameLength;
        public Vector* Vectors;
        public nuint VectorCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct ControlHeader
    {
        public nuint Length;
        public int Level;
        public int Type;
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int Socket(int domain, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static unsafe partial int Bind(SafeFileHandle socket, SocketAddress* address, uint length);

    [LibraryImport("libc", EntryPoint = "listen", SetLastError = true)]
    private static partial int Listen(SafeFileHandle socket, int backlog);

    [LibraryImport("libc", EntryPoint = "accept4", SetLastError = true)]
    private static unsafe partial int Accept(SafeFileHandle socket, void* address, void* length, int flags);

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    private static unsafe partial nint ReceiveMessage(SafeFileHandle socket, MessageHeader* message, int flags);

    /// <summary>A listening stream socket at a path.</summary>
    internal static unsafe SafeFileHandle ListenAt(string path)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(path);
        if (bytes.Length > LongestPath)
            throw new IOException($"{path}: is longer than the {LongestPath} bytes of a unix socket's path");
        int fd = Socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        var socket = new SafeFileHandle(fd, ownsHandle: true);
        var address = new SocketAddress { Family = AF_UNIX };
        bytes.CopyTo(new Span<byte>(address.Path, 108));
        if (fd < 0 || Bind(socket, &address, (uint)sizeof(SocketAddress)) != 0 || Listen(socket, 1) != 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            socket.Dispose();
            throw new IOException($"{path}: cannot listen there: {Errno.Text(errno)}");
        }
        return socket;
    }

    /// <summary>The next connection.</summary>
    internal static unsafe SafeFileHandle AcceptFrom(SafeFileHandle socket)
    {
        int fd = Accept(socket, null, null, SOCK_CLOEXEC);
        return fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true) : throw new IOException($"cannot accept a connection: {Errno.Text(Marshal.GetLastPInvokeError())}");
    }

    /// <summary>Receives a message with a descriptor; null when the message carries none. Descriptors beyond the first are closed.</summary>
    internal static unsafe SafeFileHandle? ReceiveDescriptor(SafeFileHandle connection)
    {
        const int MostDescriptors = 8;
        byte* payload = stackalloc byte[4096];
        byte* control = stackalloc byte[sizeof(ControlHeader) + (MostDescriptors * sizeof(int))];
        var vector = new Vector { Base = payload, Length = 4096 };
        var message = new MessageHeader
        {
            Vectors = &vector,
            VectorCount = 1,
            Control = control,
            ControlLength = (nuint)(sizeof(ControlHeader) + (MostDescriptors * sizeof(int))),
        };
        nint got;
        do
            got = ReceiveMessage(connection, &message, MSG_CMSG_CLOEXEC);
        while (got < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);
        var header = (ControlHeader*)control;
        if (got <= 0 || message.ControlLength < (nuint)sizeof(ControlHeader) || header->Level != SOL_SOCKET || header->Type != SCM_RIGHTS)
            return null;
        int count = ((int)header->Length - sizeof(ControlHeader)) / sizeof(int);
        var descriptors = (int*)(control + sizeof(ControlHeader));
        for (int i = 1; i < count; i++)
            new SafeFileHandle(descriptors[i], ownsHandle: true).Dispose();
        return count > 0 ? new SafeFileHandle(descriptors[0], ownsHandle: true) : null;
    }
}
