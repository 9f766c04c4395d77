using Podspawn.Oci.Native;
using Podspawn.Oci.Spec;

namespace Podspawn.Oci.Verification.Checks;

/// <summary>The answer of a filter to a call (config-linux.md, "Seccomp").</summary>
internal static class FilterAnswer
{
    /// <summary>The answer of a filter that allows the call.</summary>
    public const int Allow = 0;

    /// <summary>The answer of a filter that neither allows the call nor returns an errno: it kills, traps, or asks a tracer or a listener.</summary>
    public const int Other = -1;


    /// <summary>0 for allowed, an errno, or <see cref="Other"/>.</summary>
    /// <param name="filter">The filter; null for none.</param>
    /// <param name="onSentry">Whether gVisor's Sentry applies it, whose errno is always EPERM.</param>
    /// <param name="call">The system call's name.</param>
    /// <param name="arguments">Its arguments; missing ones count as 0.</param>
    public static int Of(LinuxSeccomp? filter, bool onSentry, string call, params ReadOnlySpan<ulong> arguments)
    {
        if (filter is null)
            return Allow;
        foreach (SeccompRule rule in filter.Syscalls)
        {
            if (rule.Names.Contains(call) && Match(rule.Args, arguments))
                return Answer(rule.Action, onSentry ? Errno.EPERM : rule.ErrnoRet);
        }
        return Answer(filter.DefaultAction, onSentry ? Errno.EPERM : filter.DefaultErrnoRet);
    }

    private static bool Match(IReadOnlyList<SeccompArgument>? conditions, ReadOnlySpan<ulong> arguments)
    {
        foreach (SeccompArgument condition in conditions ?? [])
        {
            ulong actual = condition.Index < arguments.Length ? arguments[(int)condition.Index] : 0;
            bool holds = condition.Op switch
            {
                "SCMP_CMP_EQ" => actual == condition.Value,
                "SCMP_CMP_NE" => actual != condition.Value,
                "SCMP_CMP_LT" => actual < condition.Value,
                "SCMP_CMP_LE" => actual <= condition.Value,
                "SCMP_CMP_GT" => actual > condition.Value,
                "SCMP_CMP_GE" => actual >= condition.Value,
                "SCMP_CMP_MASKED_EQ" => (actual & condition.Value) == (condition.ValueTwo ?? 0),
                _ => false,
            };
            if (!holds)
                return false;
        }
        return true;
    }

    private static int Answer(string action, uint? errno) => action switch
    {
        "SCMP_ACT_ALLOW" or "SCMP_ACT_LOG" => Allow,
        "SCMP_ACT_ERRNO" => (int)(errno ?? Errno.EPERM),
        _ => Other,
    };
}
