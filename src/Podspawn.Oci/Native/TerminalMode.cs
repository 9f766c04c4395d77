using Tmds.Linux;

namespace Podspawn.Oci.Native;

/// <summary>How a terminal treats what is typed and written (termios(3)).</summary>
internal readonly unsafe struct TerminalMode
{
    private const int TcsaNow = 0; // TCSANOW, which Tmds.LibC has as uint
    private readonly termios value;

    private TerminalMode(termios value) => this.value = value;

    /// <summary>Whether input is handed over line by line, and an end of file can be typed.</summary>
    internal bool IsLineByLine => (value.c_lflag & LibC.ICANON) != 0;

    /// <summary>The byte that stands for an end of file then.</summary>
    internal byte EndOfFile
    {
        get
        {
            termios mode = value;
            return mode.c_cc[LibC.VEOF];
        }
    }

    /// <summary>The mode of a terminal; null with an error number where the descriptor is none.</summary>
    internal static TerminalMode? Of(int fd, out int errno)
    {
        termios mode;
        errno = LibC.tcgetattr(fd, &mode) == 0 ? 0 : LibC.errno;
        return errno == 0 ? new TerminalMode(mode) : null;
    }

    /// <summary>Gives a terminal this mode, at once; false where the descriptor is none any more.</summary>
    internal bool TrySet(int fd)
    {
        termios mode = value;
        return LibC.tcsetattr(fd, TcsaNow, &mode) == 0;
    }

    /// <summary>This mode made raw: bytes go through as they are, one by one. What cfmakeraw(3) does; Tmds.LibC lacks it.</summary>
    internal TerminalMode Raw()
    {
        termios mode = value;
        mode.c_iflag &= ~(LibC.IGNBRK | LibC.BRKINT | LibC.PARMRK | LibC.ISTRIP | LibC.INLCR | LibC.IGNCR | LibC.ICRNL | LibC.IXON);
        mode.c_oflag &= ~LibC.OPOST;
        mode.c_lflag &= ~(LibC.ECHO | LibC.ECHONL | LibC.ICANON | LibC.ISIG | LibC.IEXTEN);
        mode.c_cflag = (mode.c_cflag & ~(LibC.CSIZE | LibC.PARENB)) | LibC.CS8;
        mode.c_cc[LibC.VMIN] = 1;
        mode.c_cc[LibC.VTIME] = 0;
        return new TerminalMode(mode);
    }
}
