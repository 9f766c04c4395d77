namespace Podspawn.Oci.Spec;

/// <summary>A seccomp filter (config-linux.md, "Seccomp").</summary>
public sealed record LinuxSeccomp
{
    /// <summary>The action for a call that no rule names (<c>SCMP_ACT_ERRNO</c>).</summary>
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

/// <summary>A rule: the action for the named calls.</summary>
/// <param name="Names">Names of system calls.</param>
/// <param name="Action"><c>SCMP_ACT_ALLOW</c> and its like.</param>
/// <param name="ErrnoRet">The errno for <c>SCMP_ACT_ERRNO</c>.</param>
/// <param name="Args">Conditions on the arguments, all of which must hold.</param>
public sealed record SeccompRule(
    IReadOnlyList<string> Names, string Action, uint? ErrnoRet = null, IReadOnlyList<SeccompArgument>? Args = null);

/// <summary>A condition on an argument.</summary>
/// <param name="Index">The argument, 0 to 5.</param>
/// <param name="Value">The value to compare with (or the mask, for <c>SCMP_CMP_MASKED_EQ</c>).</param>
/// <param name="ValueTwo">The masked value.</param>
/// <param name="Op"><c>SCMP_CMP_EQ</c> and its like.</param>
public sealed record SeccompArgument(uint Index, ulong Value, ulong? ValueTwo, string Op);
