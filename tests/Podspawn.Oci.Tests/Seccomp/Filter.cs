using Podspawn.Oci.Spec;

namespace Podspawn.Oci.Tests.Seccomp;

/// <summary>The answer of a filter to a call: the semantics of the OCI runtime spec, implemented in the plainest way.</summary>
internal static class Filter
{
    private const string Nothing = "refused";

    /// <summary>The verdict on a call with these arguments: <c>allowed</c>, <c>refused</c> (the default) or <c>errno N</c>.</summary>
    internal static string Verdict(LinuxSeccomp filter, string call, params ulong[] arguments)
    {
        foreach (SeccompRule rule in filter.Syscalls)
        {
            if (rule.Names.Contains(call) && (rule.Args ?? []).All(condition => Holds(condition, arguments)))
                return Word(rule);
        }

        return Nothing;
    }

    /// <summary>The verdict on a call whatever its arguments; <c>depends</c> where they matter.</summary>
    internal static string Verdict(LinuxSeccomp filter, string call)
    {
        List<SeccompRule> rules = [.. filter.Syscalls.Where(rule => rule.Names.Contains(call))];
        SeccompRule? whole = rules.Find(rule => rule.Args is not { Count: > 0 });
        return whole is not null ? Word(whole) : rules.Count > 0 ? "depends" : Nothing;
    }

    internal static IEnumerable<string> Names(LinuxSeccomp filter) => filter.Syscalls.SelectMany(rule => rule.Names);

    private static string Word(SeccompRule rule) => rule.Action switch
    {
        "SCMP_ACT_ALLOW" => "allowed",
        "SCMP_ACT_ERRNO" when rule.ErrnoRet is 1 => Nothing,
        "SCMP_ACT_ERRNO" => $"errno {rule.ErrnoRet}",
        _ => rule.Action,
    };

    private static bool Holds(SeccompArgument condition, ulong[] arguments)
    {
        ulong actual = arguments[condition.Index];
        return condition.Op switch
        {
            "SCMP_CMP_EQ" => actual == condition.Value,
            "SCMP_CMP_NE" => actual != condition.Value,
            "SCMP_CMP_LT" => actual < condition.Value,
            "SCMP_CMP_MASKED_EQ" => (actual & condition.Value) == condition.ValueTwo,
            _ => throw new NotSupportedException(condition.Op),
        };
    }
}
