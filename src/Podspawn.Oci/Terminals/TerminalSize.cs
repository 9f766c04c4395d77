using Podspawn.Oci.Native;

namespace Podspawn.Oci.Terminals;

/// <summary>The size of a terminal in characters (ioctl_tty(2), <c>TIOCGWINSZ</c>).</summary>
public static class TerminalSize
{
    /// <summary>Whether the descriptor is a terminal.</summary>
    public static bool IsTerminal(int fd) => TerminalCalls.IsTerminal(fd);

    /// <summary>The terminal's size; false where the descriptor is not a terminal, or where the size is unknown.</summary>
    public static bool TryGet(int fd, out int rows, out int columns)
    {
        bool known = TerminalCalls.TryGetSize(fd, out TerminalCalls.WindowSize size);
        (rows, columns) = known ? (size.Rows, size.Columns) : (0, 0);
        return known;
    }

    /// <summary>Sets the terminal's size; the kernel sends SIGWINCH to its foreground processes when the size changes.</summary>
    public static bool TrySet(int fd, int rows, int columns) =>
        TerminalCalls.TrySetSize(fd, new TerminalCalls.WindowSize { Rows = Clamp(rows), Columns = Clamp(columns) });

    /// <summary>Gives one terminal the size of another, pixels included.</summary>
    internal static bool TryCopy(int from, int to) =>
        TerminalCalls.TryGetSize(from, out TerminalCalls.WindowSize size) && TerminalCalls.TrySetSize(to, size);

    private static ushort Clamp(int value) => (ushort)Math.Clamp(value, 0, ushort.MaxValue);
}
