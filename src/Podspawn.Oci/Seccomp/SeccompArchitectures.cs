
namespace Podspawn.Oci.Seccomp;

/// <summary>The names of processor architectures: libseccomp's, and those that Docker's profiles use in includes and excludes.</summary>
internal static class SeccompArchitectures
{
    /// <summary>The names that a profile may use in <c>architectures</c> and <c>archMap</c>.</summary>
    internal static readonly string[] Names =
    [
        "SCMP_ARCH_X86", "SCMP_ARCH_X86_64", "SCMP_ARCH_X32", "SCMP_ARCH_ARM", "SCMP_ARCH_AARCH64", "SCMP_ARCH_MIPS",
        "SCMP_ARCH_MIPS64", "SCMP_ARCH_MIPS64N32", "SCMP_ARCH_MIPSEL", "SCMP_ARCH_MIPSEL64", "SCMP_ARCH_MIPSEL64N32", "SCMP_ARCH_PPC",
        "SCMP_ARCH_PPC64", "SCMP_ARCH_PPC64LE", "SCMP_ARCH_S390", "SCMP_ARCH_S390X", "SCMP_ARCH_PARISC", "SCMP_ARCH_PARISC64",
        "SCMP_ARCH_RISCV64", "SCMP_ARCH_LOONGARCH64", "SCMP_ARCH_M68K", "SCMP_ARCH_SH", "SCMP_ARCH_SHEB",
    ];

    /// <summary>The names that a profile may use in <c>includes.arches</c> and <c>excludes.arches</c>.</summary>
    internal static readonly string[] FilterNames =
    [
        "x86", "amd64", "x32", "arm", "arm64", "mips", "mips64", "mips64n32", "mipsel", "mipsel64", "mipsel64n32", "mips64p32",
        "mips64le", "mipsle", "ppc", "ppc64", "ppc64le", "riscv64", "s390", "s390x", "loong64", "parisc", "parisc64",
    ];

    /// <summary>The name in includes and excludes.</summary>
    internal static string FilterName(CpuArchitecture architecture) => architecture == CpuArchitecture.X64 ? "amd64" : "arm64";

    /// <summary>libseccomp's name.</summary>
    internal static string Name(CpuArchitecture architecture) =>
        architecture == CpuArchitecture.X64 ? "SCMP_ARCH_X86_64" : "SCMP_ARCH_AARCH64";

    /// <summary>The architecture, and those whose programs its kernel can run too.</summary>
    internal static string[] WithSubArchitectures(CpuArchitecture architecture) => architecture == CpuArchitecture.X64
        ? ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"]
        : ["SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM"];
}
