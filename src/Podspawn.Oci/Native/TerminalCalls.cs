using System.Runtime.InteropServices;
using Tmds.Linux;

namespace Podspawn.Oci.Native;

/// <summary>Calls about terminals, and waiting on several descriptors.</summary>
internal static unsafe partial class TerminalCalls
{
    internal const short POLLIN = 0x1;
    internal const short POLLOUT = 0x4;
    internal const short POLLERR = 0x8;
    internal const short POLLHUP = 0x10;
    internal const short POLLNVAL = 0x20;

    // poll(2) of Tmds.LibC 0.5.0 does not preserve errno, so that an interrupted call cannot be distinguished from a failed one there.
    [StructLayout(LayoutKind.Sequential)]
    internal struct PollFd(int fd, short events)
    {
        /// <param name="file">What to wait on, which has to stay open until poll(2) returns; null, or one that is closed, is left out.</param>
        /// <param name="events">What to wait for.</param>
        internal PollFd(SafeHandle? file, short events)
            : this(file is null or { IsClosed: true } ? -1 : (int)file.DangerousGetHandle(), events)
        {
        }

        public int Fd = fd;
        public short Events = events;
        public short Revents;

        /// <summary>Whether the descriptor has an event: data, room, an error or a hang-up.</summary>
        public readonly bool IsReady => Revents != 0;
    }

    /// <summary>A terminal's size (struct winsize).</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct WindowSize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort XPixels;
        public ushort YPixels;
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int PollOnce(PollFd* fds, nuint count, int milliseconds);

    /// <summary>poll(2), retried after an interruption. Returns the number of ready descriptors.</summary>
    internal static int Poll(Span<PollFd> fds, int milliseconds = -1)
    {
        fixed (PollFd* first = fds)
        {
            while (true)
            {
                int ready = PollOnce(first, (nuint)fds.Length, milliseconds);
                if (ready >= 0)
                    return ready;
                int errno = Marshal.GetLastPInvokeError();
                if (errno != Errno.EINTR)
                    throw new IOException($"cannot wait for the terminal: {Errno.Text(errno)}");
            }
        }
    }

    /// <summary>read(2), retried after an interruption; a negative value is a negated error number.</summary>
    internal static int Read(int fd, Span<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            while (true)
            {
                nint got = (nint)LibC.read(fd, bytes, buffer.Length);
                if (got >= 0)
                    return (int)got;
                if (LibC.errno != Errno.EINTR)
                    return -LibC.errno;
            }
        }
    }

    /// <summary>As the other; the file is held meanwhile.</summary>
    internal static int Read(SafeHandle file, Span<byte> buffer)
    {
        using var held = new HeldDescriptor(file);
        return Read(held.Number, buffer);
    }

    /// <summary>As the other; the file is held meanwhile.</summary>
    internal static int Write(SafeHandle file, ReadOnlySpan<byte> buffer)
    {
        using var held = new HeldDescriptor(file);
        return Write(held.Number, buffer);
    }

    /// <summary>write(2), retried after an interruption; a negative value is a negated error number.</summary>
    internal static int Write(int fd, ReadOnlySpan<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            while (true)
            {
                nint put = (nint)LibC.write(fd, bytes, buffer.Length);
                if (put >= 0)
                    return (int)put;
                if (LibC.errno != Errno.EINTR)
                    return -LibC.errno;
            }
        }
    }

    /// <summary>The foreground process group of our controlling terminal; -1 where the descriptor is not that terminal.</summary>
    [LibraryImport("libc", EntryPoint = "tcgetpgrp")]
    internal static partial int ForegroundGroup(int fd);

    [LibraryImport("libc", EntryPoint = "getpgrp")]
    internal static partial int OwnGroup();

    /// <summary>Whether the descriptor is a terminal.</summary>
    internal static bool IsTerminal(int fd) => LibC.isatty(fd) == 1;

    /// <summary>Whether the descriptor is the master of a pseudo-terminal (ioctl_tty(2), TIOCGPTN).</summary>
    internal static bool IsMaster(int fd)
    {
        int number;
        return RawCalls.IoControl(fd, (nuint)(uint)LibC.TIOCGPTN, &number) == 0;
    }

    /// <summary>The size of a terminal; false where the descriptor is none, or one that does not know its size.</summary>
    internal static bool TryGetSize(int fd, out WindowSize size)
    {
        fixed (WindowSize* result = &size)
            return RawCalls.IoControl(fd, (nuint)(uint)LibC.TIOCGWINSZ, result) == 0 && size.Rows != 0 && size.Columns != 0;
    }

    /// <summary>Sets the size of a terminal; false where the descriptor is none.</summary>
    internal static bool TrySetSize(int fd, WindowSize size) => RawCalls.IoControl(fd, (nuint)(uint)LibC.TIOCSWINSZ, &size) == 0;

    /// <summary>Whether reading or setting this terminal would stop us, because another process group has it.</summary>
    internal static bool IsInBackground(int fd)
    {
        int foreground = ForegroundGroup(fd);
        return foreground > 0 && foreground != OwnGroup();
    }
}
