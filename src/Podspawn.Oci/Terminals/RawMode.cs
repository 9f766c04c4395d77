using Podspawn.Oci.Native;

namespace Podspawn.Oci.Terminals;

/// <summary>
/// Puts a terminal in raw mode, and back when disposed of or when the process exits. While another process group has the terminal
/// it is left alone: it is the shell's then, and setting it would stop us (termios(3), SIGTTOU).
/// </summary>
public sealed class RawMode : IDisposable
{
    private readonly int fd;
    private readonly Lock gate = new();
    private TerminalMode saved;
    private bool isRaw;
    private bool isDisposed;

    /// <summary>Remembers the terminal's mode and sets raw mode.</summary>
    /// <exception cref="TerminalException">The descriptor is no terminal.</exception>
    public RawMode(int fd)
    {
        this.fd = fd;
        saved = TerminalMode.Of(fd, out int errno) ?? throw new TerminalException($"descriptor {fd} is no terminal: {Errno.Text(errno)}");
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
        Set();
    }

    /// <summary>
    /// Sets raw mode, as after a stop. When the mode was restored before, the mode that the terminal has now is the one to go back to.
    /// </summary>
    public void Set()
    {
        lock (gate)
        {
            if (isDisposed || TerminalCalls.IsInBackground(fd) || TerminalMode.Of(fd, out _) is not { } mode)
                return;
            if (!isRaw)
                saved = mode;
            isRaw = mode.Raw().TrySet(fd);
        }
    }

    /// <summary>Goes back to the mode before; a terminal that is gone by now is no error.</summary>
    public void Restore()
    {
        lock (gate)
        {
            if (!isRaw || TerminalCalls.IsInBackground(fd))
                return;
            _ = saved.TrySet(fd);
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

    private void OnProcessExit(object? sender, EventArgs e) => Restore();
}
