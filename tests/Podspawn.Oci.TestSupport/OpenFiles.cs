using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.TestSupport;

/// <summary>Opens files for tests; a failure is the test's.</summary>
internal static class OpenFiles
{
    internal static SafeFileHandle Open(string path, int flags)
    {
        SafeFileHandle? file = PathCalls.Open(path, flags, out int errno);
        Assert.True(file is not null, $"{path}: {Errno.Text(errno)}");
        return file;
    }

    /// <summary>A descriptor that the test closes by its number.</summary>
    internal static int Descriptor(string path, int flags)
    {
        SafeFileHandle file = Open(path, flags);
        int descriptor = (int)file.DangerousGetHandle();
        file.SetHandleAsInvalid();
        return descriptor;
    }
}
