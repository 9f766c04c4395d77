using Podspawn.Oci.Native;

namespace Podspawn.Oci.Terminals;

/// <summary>A terminal's size in characters (ioctl_tty(2), TIOCGWINSZ and TIOCSWINSZ).</summary>
public static class TerminalSize
{
    /// <summary>The size of the terminal at a descriptor; false where there is no terminal.</summary>
    public static bool TryGet(int fd, out int rows, out int columns)
    {
        bool found = TerminalCalls.TryGetSize(fd, out TerminalCalls.WindowSize size);
        (rows, columns) = (size.Rows, size.Columns);
        return found;
    }

    /// <summary>Gives <paramref name="to"/> the size of <paramref name="from"/>; the kernel tells its programs by SIGWINCH.</summary>
    internal static void Copy(int from, int to)
    {
        if (TerminalCalls.TryGetSize(from, out TerminalCalls.WindowSize size))
            _ = TerminalCalls.TrySetSize(to, size);
    }
}
