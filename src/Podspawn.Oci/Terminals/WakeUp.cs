using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;
using Tmds.Linux;

namespace Podspawn.Oci.Terminals;

/// <summary>Interrupts another thread's poll(2) (eventfd(2)); set until cleared.</summary>
internal sealed class WakeUp : IDisposable
{
    private readonly SafeFileHandle handle;

    internal WakeUp()
    {
        int fd = LibC.eventfd(0, LibC.EFD_CLOEXEC | LibC.EFD_NONBLOCK);
        handle = fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true) : throw new TerminalException($"cannot make an eventfd: {Errno.Text(LibC.errno)}");
    }

    internal int Descriptor => (int)handle.DangerousGetHandle();

    /// <summary>May be called from any thread, also while another disposes of this.</summary>
    internal unsafe void Set()
    {
        bool held = false;
        try
        {
            handle.DangerousAddRef(ref held);
            ulong one = 1;
            _ = LibC.write(Descriptor, &one, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            // No thread waits any more.
        }
        finally
        {
            if (held)
                handle.DangerousRelease();
        }
    }

    internal unsafe void Clear()
    {
        ulong count;
        _ = LibC.read(Descriptor, &count, sizeof(ulong));
    }

    public void Dispose() => handle.Dispose();
}
