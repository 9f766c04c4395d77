using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Terminals;

/// <summary>The master side of a container's terminal. Closing it hangs the terminal up: its processes get SIGHUP (pty(7)).</summary>
public sealed class PtyMaster : SafeHandleZeroOrMinusOneIsInvalid
{
    /// <summary>Takes ownership of a descriptor.</summary>
    /// <exception cref="TerminalException">The descriptor is not the master of a pseudo-terminal; it is then closed.</exception>
    public PtyMaster(int fd)
        : base(ownsHandle: true)
    {
        SetHandle(fd);
        if (!TerminalCalls.IsMaster(fd))
        {
            Dispose();
            throw new TerminalException("what the runtime sent as the container's terminal is not the master of a pseudo-terminal");
        }
    }

    /// <summary>The descriptor, valid until this is disposed of.</summary>
    public int Descriptor => (int)handle;

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => DescriptorCalls.Close((int)handle);
}
