using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>A program in memory that no process can change, whichever one gets hold of it: it may run in a container (CVE-2019-5736).</summary>
internal static class SealedProgram
{
    private const uint MFD_ALLOW_SEALING = 2;
    private const uint MFD_EXEC = 0x10;
    private const int AllSeals = 0xF; // F_SEAL_SEAL, _SHRINK, _GROW, _WRITE

    /// <summary>Creates the program's file (memfd_create(2)).</summary>
    /// <exception cref="IOException">The kernel refuses.</exception>
    internal static SafeFileHandle Make(string name, Stream content)
    {
        // MFD_EXEC is unknown before Linux 6.3, where every such file can be executed.
        int fd = RawCalls.MemfdCreate(name, DescriptorCalls.MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);
        if (fd < 0 && Marshal.GetLastPInvokeError() == Errno.EINVAL)
            fd = RawCalls.MemfdCreate(name, DescriptorCalls.MFD_CLOEXEC | MFD_ALLOW_SEALING);
        if (fd < 0)
            throw Failed();
        var file = new SafeFileHandle(fd, ownsHandle: true);
        byte[] bytes = new byte[content.Length];
        content.ReadExactly(bytes);
        RandomAccess.Write(file, bytes, 0);
        if (RawCalls.FChmod(fd, FileModes.ReadOnlyProgram) == 0 && RawCalls.Fcntl(fd, RawCalls.F_ADD_SEALS, AllSeals) == 0)
            return file;
        IOException failure = Failed();
        file.Dispose();
        throw failure;
    }

    private static IOException Failed() => new($"cannot make a program in memory: {Errno.Text(Marshal.GetLastPInvokeError())}");
}
