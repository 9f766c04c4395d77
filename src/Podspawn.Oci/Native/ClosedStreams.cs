using System.Runtime.InteropServices;
using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Native;

/// <summary>
/// Standard streams that our caller has closed. The next file that is opened would get such a number: a file of ours or of the runtime's, which the
/// container would then have as its stdin, stdout or stderr.
/// </summary>
internal static unsafe partial class ClosedStreams
{
    private const int LastStandardStream = 2;

    [LibraryImport("libc", EntryPoint = "execv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string path, byte** arguments);

    /// <summary>
    /// Opens /dev/null in their place. .NET opens its own files before the first line of ours runs; where one of them has such a number, this process
    /// executes itself again, since a file in use cannot be replaced.
    /// </summary>
    internal static void Fill()
    {
        bool taken = false;
        for (int fd = 0; fd <= LastStandardStream; fd++)
        {
            int flags = RawCalls.Fcntl(fd, RawCalls.F_GETFD, 0);
            // A descriptor that came to us over execve cannot have close-on-exec set: one that has it is .NET's.
            if (flags >= 0 && (flags & RawCalls.FD_CLOEXEC) == 0)
                continue;
            taken |= flags >= 0;
            int empty;
            fixed (byte* path = "/dev/null\0"u8)
                empty = RawCalls.OpenAt(RawCalls.AT_FDCWD, path, PathCalls.O_RDWR, 0);
            if (empty < 0 || (empty != fd && RawCalls.Dup2(empty, fd) < 0))
                ProcessCalls.ExitNow(ExitCodes.LaunchFailed);
            if (empty != fd)
                _ = DescriptorCalls.Close(empty);
        }
        if (taken)
            BeginAnew();
    }

    private static void BeginAnew()
    {
        // The arguments as the kernel has them: they need not be UTF-8.
        byte[] words = File.ReadAllBytes("/proc/self/cmdline");
        byte*[] arguments = new byte*[words.AsSpan().Count((byte)0) + 1];
        fixed (byte* start = words)
        fixed (byte** list = arguments)
        {
            int count = 0;
            for (int i = 0; i < words.Length; i++)
            {
                if (i == 0 || words[i - 1] == 0)
                    list[count++] = start + i;
            }
            _ = Execute("/proc/self/exe", list);
        }
        ProcessCalls.ExitNow(ExitCodes.LaunchFailed);
    }
}
