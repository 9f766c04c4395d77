namespace Podspawn.Oci.Seccomp;

/// <summary>The processor architectures that the seccomp filter knows.</summary>
public enum CpuArchitecture
{
    /// <summary>x86_64, with i386 and x32 as sub-architectures.</summary>
    X64,

    /// <summary>aarch64, with 32-bit arm as sub-architecture.</summary>
    Arm64,
}
