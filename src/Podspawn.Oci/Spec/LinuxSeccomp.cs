namespace Podspawn.Oci.Spec;

/// <summary>A seccomp filter (config-linux.md, "Seccomp").</summary>
public sealed record LinuxSeccomp
{
    /// <summary>What a call that no rule names gets (<c>SCMP_ACT_ERRNO</c>).</summary>
    public required string DefaultAction { get; init; }

    /// <summary>The errno of the default action.</summary>
    public uint? DefaultErrnoRet { get; init; }

    /// <summary><c>SCMP_ARCH_X86_64</c> and its like.</summary>
    public IReadOnlyList<string>? Architectures { get; init; }

    /// <summary><c>SECCOMP_FILTER_FLAG_LOG</c> and its like.</summary>
    public IReadOnlyList<string>? Flags { get; init; }

    /// <summary>The rules.</summary>
    public required IReadOnlyList<SeccompRule> Syscalls { get; init; }
}

/// <summary>What the named calls get.</summary>
/// <param name="Names">Names of system calls.</param>
/// <param name="Action"><c>SCMP_ACT_ALLOW</c> and its like.</param>
/// <param name="ErrnoRet">For <c>SCMP_ACT_ERRNO</c>.</param>
/// <param name="Args">Conditions on the arguments, all of which must hold.</param>
public sealed record SeccompRule(
    IReadOnlyList<string> Names, string Action, uint? ErrnoRet = null, IReadOnlyList<SeccompArgument>? Args = null);

/// <summary>A condition on an argument.</summary>
/// <param name="Index">0 to 5.</param>
/// <param name="Value">What it is compared with (or the mask, for <c>SCMP_CMP_MASKED_EQ</c>).</param>
/// <param name="ValueTwo">The masked value.</param>
/// <param name="Op"><c>SCMP_CMP_EQ</c> and its like.</param>
public sealed record SeccompArgument(uint Index, ulong Value, ulong? ValueTwo, string Op);
