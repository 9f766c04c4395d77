using Podspawn.Oci.Native;

namespace Podspawn.Oci.Terminals;

/// <summary>
/// Sets a terminal to raw mode, and restores it when disposed of or when the process exits. While another process group has the terminal it is left
/// alone: it is the shell's then, and setting it would stop us (termios(3), SIGTTOU).
/// </summary>
public sealed class RawMode : IDisposable
{
    private readonly int fd;
    private readonly Lock gate = new();
    private TerminalMode saved;
    private bool isRaw;
    private bool isDisposed;

    /// <summary>Saves the terminal's mode and sets raw mode.</summary>
    /// <exception cref="TerminalException">The descriptor is not a terminal.</exception>
    public RawMode(int fd)
    {
        this.fd = fd;
        saved = TerminalMode.Of(fd, out int errno) ?? throw new TerminalException($"descriptor {fd} is no terminal: {Errno.Text(errno)}");
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
        Set();
    }

    /// <summary>Sets raw mode again, as after a stop. Where the mode was restored in between, the terminal's current mode is the one to restore later.</summary>
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

    /// <summary>Restores the saved mode; a terminal that is gone is not an error.</summary>
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
