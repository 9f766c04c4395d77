using Podspawn.Oci.Native;
using Tmds.Linux;

namespace Podspawn.Oci.Terminals;

/// <summary>
/// Sets a terminal to raw mode, and restores it when disposed of or when the process exits. While another process group has the terminal it is left
/// alone: it is the shell's then, and setting it would stop us (termios(3), SIGTTOU).
/// </summary>
public sealed unsafe class RawMode : IDisposable
{
    private const int TcsaNow = 0; // TCSANOW, which Tmds.LibC has as uint
    private readonly int fd;
    private readonly Lock gate = new();
    private termios saved;
    private bool isRaw;
    private bool isDisposed;

    /// <summary>Saves the terminal's mode and sets raw mode.</summary>
    /// <exception cref="TerminalException">The descriptor is not a terminal.</exception>
    public RawMode(int fd)
    {
        this.fd = fd;
        termios mode;
        if (LibC.tcgetattr(fd, &mode) != 0)
            throw new TerminalException($"descriptor {fd} is no terminal: {Errno.Text(LibC.errno)}");
        saved = mode;
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
        Set();
    }

    /// <summary>Sets raw mode again, as after a stop. Where the mode was restored in between, the terminal's current mode is the one to restore later.</summary>
    public void Set()
    {
        lock (gate)
        {
            termios mode;
            if (isDisposed || TerminalCalls.IsInBackground(fd) || LibC.tcgetattr(fd, &mode) != 0)
                return;
            if (!isRaw)
                saved = mode;
            MakeRaw(&mode);
            isRaw = LibC.tcsetattr(fd, TcsaNow, &mode) == 0;
        }
    }

    /// <summary>Restores the saved mode; a terminal that is gone is not an error.</summary>
    public void Restore()
    {
        lock (gate)
        {
            if (!isRaw || TerminalCalls.IsInBackground(fd))
                return;
            fixed (termios* mode = &saved)
                _ = LibC.tcsetattr(fd, TcsaNow, mode);
            isRaw = false;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            if (isDisposed)
                return;
            AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
            Restore();
            isDisposed = true;
        }
    }

    // The same as cfmakeraw(3), which Tmds.LibC lacks.
    private static void MakeRaw(termios* mode)
    {
        mode->c_iflag &= ~(LibC.IGNBRK | LibC.BRKINT | LibC.PARMRK | LibC.ISTRIP | LibC.INLCR | LibC.IGNCR | LibC.ICRNL | LibC.IXON);
        mode->c_oflag &= ~LibC.OPOST;
        mode->c_lflag &= ~(LibC.ECHO | LibC.ECHONL | LibC.ICANON | LibC.ISIG | LibC.IEXTEN);
        mode->c_cflag = (mode->c_cflag & ~(LibC.CSIZE | LibC.PARENB)) | LibC.CS8;
        mode->c_cc[LibC.VMIN] = 1;
        mode->c_cc[LibC.VTIME] = 0;
    }

    private void OnProcessExit(object? sender, EventArgs e) => Restore();
}
