using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>A program in memory that no process can change, whichever one gets hold of it: it may run in a container (CVE-2019-5736).</summary>
internal static partial class SealedProgram
{
    private const uint MFD_CLOEXEC = 1;
    private const uint MFD_ALLOW_SEALING = 2;
    private const uint MFD_EXEC = 0x10;
    private const int F_ADD_SEALS = 1033;
    private const int AllSeals = 0xF; // F_SEAL_SEAL, _SHRINK, _GROW, _WRITE
    private const uint ReadAndExecute = 0x16D;

    /// <summary>Creates the program's file (memfd_create(2)).</summary>
    /// <exception cref="IOException">The kernel refuses.</exception>
    internal static SafeFileHandle Make(string name, Stream content)
    {
        // MFD_EXEC is unknown before Linux 6.3, where every such file can be executed.
        int fd = Create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);
        if (fd < 0 && Marshal.GetLastPInvokeError() == Errno.EINVAL)
            fd = Create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
        if (fd < 0)
            throw Failed();
        var file = new SafeFileHandle(fd, ownsHandle: true);
        byte[] bytes = new byte[content.Length];
        content.ReadExactly(bytes);
        RandomAccess.Write(file, bytes, 0);
        if (ChangeMode(file, ReadAndExecute) == 0 && Control(file, F_ADD_SEALS, AllSeals) == 0)
            return file;
        IOException failure = Failed();
        file.Dispose();
        throw failure;
    }

    private static IOException Failed() => new($"cannot make a program in memory: {Errno.Text(Marshal.GetLastPInvokeError())}");

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Create(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, int command, int argument);

    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    private static partial int ChangeMode(SafeFileHandle file, uint mode);
}
