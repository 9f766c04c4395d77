using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Terminals;

/// <summary>Interrupts another thread's poll(2) (eventfd(2)); set until cleared.</summary>
internal sealed class WakeUp : IDisposable
{
    private static readonly byte[] One = BitConverter.GetBytes(1UL);
    private readonly SafeFileHandle handle =
        DescriptorCalls.Counter(out int errno) ?? throw new TerminalException($"cannot make an eventfd: {Errno.Text(errno)}");

    /// <summary>Readable while this is set.</summary>
    internal SafeFileHandle Handle => handle;

    /// <summary>May be called from any thread, also while another disposes of this.</summary>
    internal void Set()
    {
        try
        {
            _ = TerminalCalls.Write(handle, One);
        }
        catch (ObjectDisposedException)
        {
            // No thread waits any more.
        }
    }

    internal void Clear()
    {
        Span<byte> count = stackalloc byte[sizeof(ulong)];
        _ = TerminalCalls.Read(handle, count);
    }

    public void Dispose() => handle.Dispose();
}
