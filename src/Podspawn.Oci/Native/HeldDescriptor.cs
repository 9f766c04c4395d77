using System.Runtime.InteropServices;

namespace Podspawn.Oci.Native;

/// <summary>The number of an open file, which stays that file's until this is disposed of: without it, another thread's close could give the number to another file.</summary>
internal readonly ref struct HeldDescriptor
{
    private readonly SafeHandle file;

    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    internal HeldDescriptor(SafeHandle file)
    {
        bool held = false;
        file.DangerousAddRef(ref held);
        this.file = file;
    }

    internal int Number => (int)file.DangerousGetHandle();

    public void Dispose() => file.DangerousRelease();
}
