using Tmds.Linux;

namespace Podspawn.Oci.Terminals;

/// <summary>The size of a terminal in characters (ioctl_tty(2), <c>TIOCGWINSZ</c>).</summary>
public static unsafe class TerminalSize
{
    // struct winsize; Tmds.LibC has the numbers of the ioctls but not the type.
    private struct WindowSize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort XPixels;
        public ushort YPixels;
    }

    /// <summary>Whether the descriptor is a terminal.</summary>
    public static bool IsTerminal(int fd) => LibC.isatty(fd) == 1;

    /// <summary>The terminal's size; false where the descriptor is not a terminal, or where the size is unknown.</summary>
    public static bool TryGet(int fd, out int rows, out int columns)
    {
        WindowSize size = default;
        bool known = LibC.ioctl(fd, LibC.TIOCGWINSZ, &size) == 0 && size.Rows != 0 && size.Columns != 0;
        (rows, columns) = known ? (size.Rows, size.Columns) : (0, 0);
        return known;
    }

    /// <summary>Sets the terminal's size; the kernel sends SIGWINCH to its foreground processes when the size changes.</summary>
    public static bool TrySet(int fd, int rows, int columns)
    {
        var size = new WindowSize { Rows = Clamp(rows), Columns = Clamp(columns) };
        return LibC.ioctl(fd, LibC.TIOCSWINSZ, &size) == 0;
    }

    /// <summary>Gives one terminal the size of another, pixels included.</summary>
    internal static bool TryCopy(int from, int to)
    {
        WindowSize size = default;
        return LibC.ioctl(from, LibC.TIOCGWINSZ, &size) == 0 && size.Rows != 0 && size.Columns != 0
            && LibC.ioctl(to, LibC.TIOCSWINSZ, &size) == 0;
    }

    private static ushort Clamp(int value) => (ushort)Math.Clamp(value, 0, ushort.MaxValue);
}
