namespace Podspawn.Oci.RuntimeTests.Verification;

/// <summary>
/// The kernel's entry for programs of i386. A host that boots with it off, as guests with encrypted memory do, ends whoever calls it by SIGSEGV: there no
/// sabotage of ours opens it to an attack.
/// </summary>
internal static class I386Entry
{
    // mov eax, 20 (getpid); int 0x80; ret
    private const string Call = """
        import ctypes, mmap
        m = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        m.write(b'\xb8\x14\x00\x00\x00\xcd\x80\xc3')
        ctypes.CFUNCTYPE(ctypes.c_long)(ctypes.addressof(ctypes.c_char.from_buffer(m)))()
        """;

    private static readonly Lazy<bool> Found = new(() => Tool.Try("python3", "-c", Call).Status == 0);

    internal static bool Exists => Found.Value;
}
