using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Terminals;

/// <summary>The socket over which a runtime sends the master of the container's terminal (runc, docs/terminals.md).</summary>
internal sealed unsafe class ConsoleSocket : IDisposable
{
    private readonly SafeFileHandle listener;

    /// <param name="path">A path of at most 107 bytes in a directory that only root may enter.</param>
    internal ConsoleSocket(string path) => listener = UnixSocketCalls.ListenAt(path);

    /// <summary>The master; null when <paramref name="gone"/> becomes readable first, or the runtime sends none.</summary>
    internal SafeFileHandle? ReceiveMaster(SafeFileHandle gone)
    {
        if (!WaitFor(listener, gone))
            return null;
        using SafeFileHandle connection = UnixSocketCalls.AcceptFrom(listener);
        return WaitFor(connection, gone) ? UnixSocketCalls.ReceiveDescriptor(connection) : null;
    }

    public void Dispose() => listener.Dispose();

    // Readable beats gone: a runtime that detaches sends the master and then ends.
    private static bool WaitFor(SafeFileHandle socket, SafeFileHandle gone)
    {
        DescriptorCalls.PollEntry* entries = stackalloc DescriptorCalls.PollEntry[2];
        entries[0] = new() { Descriptor = (int)socket.DangerousGetHandle(), Events = DescriptorCalls.POLLIN };
        entries[1] = new() { Descriptor = (int)gone.DangerousGetHandle(), Events = DescriptorCalls.POLLIN };
        while (DescriptorCalls.Poll(entries, 2, -1) < 0)
        {
        }
        return (entries[0].Returned & DescriptorCalls.POLLIN) != 0;
    }
}
