using Podspawn.Oci.Native;

namespace Podspawn.Oci.Terminals;

/// <summary>Holds the caller's terminal in raw mode, so that every key reaches the container's own terminal (termios(3), cfmakeraw).</summary>
internal sealed unsafe class RawMode : IDisposable
{
    private readonly int fd;
    private readonly bool terminal;
    private TerminalCalls.Termios before;
    private bool raw;

    internal RawMode(int fd)
    {
        this.fd = fd;
        fixed (TerminalCalls.Termios* attributes = &before)
            terminal = TerminalCalls.GetAttributes(fd, attributes) == 0;
    }

    /// <summary>Sets raw mode; again after a shell may have changed it. Nothing happens where there is no terminal.</summary>
    internal void Set()
    {
        if (!terminal)
            return;
        TerminalCalls.Termios attributes = before;
        TerminalCalls.MakeRaw(&attributes);
        raw = TerminalCalls.SetAttributes(fd, TerminalCalls.TCSANOW, &attributes) == 0;
    }

    /// <summary>Puts back what was there before.</summary>
    internal void Restore()
    {
        if (!raw)
            return;
        fixed (TerminalCalls.Termios* attributes = &before)
            _ = TerminalCalls.SetAttributes(fd, TerminalCalls.TCSANOW, attributes);
        raw = false;
    }

    public void Dispose() => Restore();
}
