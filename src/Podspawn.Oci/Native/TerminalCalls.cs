using System.Runtime.InteropServices;

namespace Podspawn.Oci.Native;

/// <summary>Terminals: modes (termios(3)) and sizes (ioctl_tty(2)).</summary>
internal static partial class TerminalCalls
{
    internal const int TCSANOW = 0;
    internal const uint ICANON = 2;
    internal const int VEOF = 4;
    private const nuint TIOCGWINSZ = 0x5413;
    private const nuint TIOCSWINSZ = 0x5414;

    /// <summary>struct termios of the GNU C library, 60 bytes on x86_64 and aarch64.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal unsafe struct Termios
    {
        public uint InputModes;
        public uint OutputModes;
        public uint ControlModes;
        public uint LocalModes;
        public byte Line;
        public fixed byte ControlCharacters[32];
        public uint InputSpeed;
        public uint OutputSpeed;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct WindowSize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort Width;
        public ushort Height;
    }

    [LibraryImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    internal static unsafe partial int GetAttributes(int fd, Termios* attributes);

    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    internal static unsafe partial int SetAttributes(int fd, int when, Termios* attributes);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    internal static unsafe partial void MakeRaw(Termios* attributes);

    [LibraryImport("libc", EntryPoint = "isatty")]
    internal static partial int IsTerminal(int fd);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static unsafe partial int Ioctl(int fd, nuint request, WindowSize* size);

    internal static unsafe bool TryGetSize(int fd, out WindowSize size)
    {
        fixed (WindowSize* pointer = &size)
            return Ioctl(fd, TIOCGWINSZ, pointer) == 0;
    }

    internal static unsafe bool TrySetSize(int fd, WindowSize size) => Ioctl(fd, TIOCSWINSZ, &size) == 0;
}
