using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Spec;

namespace Podspawn.Oci.Seccomp;

/// <summary>
/// A filter as gVisor's Sentry can apply it (<c>runsc --oci-seccomp</c>, runsc/specutils/seccomp). The Sentry supports fewer actions than libseccomp,
/// answers every refusal with EPERM or ENOSYS, applies the first rule that matches, and lets a tracer change a call after the filter has allowed it.
/// Pure.
/// </summary>
/// <param name="Filter">The filter for the Sentry.</param>
/// <param name="Differences">The ways in which it differs, one phrase each.</param>
/// <param name="Weaknesses">The ways in which it allows more than was asked for, one phrase each.</param>
internal sealed record SentryFilter(LinuxSeccomp Filter, IReadOnlyList<string> Differences, IReadOnlyList<string> Weaknesses)
{
    /// <summary>
    /// The kernel that the Sentry resembles in the one respect that profiles depend on: before Linux 4.8 a tracer could change a call behind the
    /// filter (seccomp(2), "SECCOMP_RET_TRACE"), and profiles allow ptrace only from that version on. gVisor itself reports 4.4.
    /// </summary>
    public static readonly Version Kernel = new(4, 4);

    private const string Allow = "SCMP_ACT_ALLOW";
    private const string Log = "SCMP_ACT_LOG";
    private const string Errno = "SCMP_ACT_ERRNO";
    private const string Trace = "SCMP_ACT_TRACE";
    private const string KillThread = "SCMP_ACT_KILL";
    private const string KillProcess = "SCMP_ACT_KILL_PROCESS";
    // What the Sentry's table of calls (pkg/sentry/syscalls/linux/linux64.go) calls otherwise than Linux: it passes over names that it does not know. The
    // first was corrected in January 2023.
    private static readonly (string Linux, string Sentry)[] Aliases = [("pselect6", "pselect"), ("_sysctl", "sysctl")];

    private const uint Eperm = 1;
    private const uint Enosys = 38;

    /// <summary>Converts a filter.</summary>
    /// <param name="filter">The filter that a profile resolves to, for <see cref="Kernel"/>.</param>
    /// <param name="bounding">The container's bounding set.</param>
    public static SentryFilter Of(LinuxSeccomp filter, CapabilitySet bounding)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var differences = new List<string>();
        var weaknesses = new List<string>();
        string otherwise = ActionOf(filter.DefaultAction, filter.DefaultErrnoRet, differences);
        var rules = new List<SeccompRule>(filter.Syscalls.Count + 2);
        foreach (SeccompRule rule in filter.Syscalls)
            Add(rule, otherwise, rules, differences, weaknesses);
        if (!bounding.Contains(Capability.SysPtrace))
            RefusePtrace(rules, otherwise, differences);
        else
            differences.Add("SYS_PTRACE is granted, and a process that traces another takes it past the filter");
        return new SentryFilter(
            filter with { DefaultAction = otherwise, DefaultErrnoRet = null, Flags = [], Syscalls = InOrder(rules) },
            [.. differences.Distinct()],
            [.. weaknesses.Distinct()]);
    }

    private static void Add(
        SeccompRule rule, string otherwise, List<SeccompRule> rules, List<string> differences, List<string> weaknesses)
    {
        string action = ActionOf(rule.Action, rule.ErrnoRet, differences);
        // libseccomp also ignores such a rule; for the Sentry it would be the first that matches.
        if (action == otherwise)
            return;
        if (rule.Args is { Count: > 1 } conditions && conditions.DistinctBy(condition => condition.Index).Count() < conditions.Count)
        {
            string which = $"gvisor takes a rule with two conditions on one argument ({rule.Names[0]}) when one of them holds";
            (LetsPass(action) ? weaknesses : differences).Add(which);
        }
        IEnumerable<string> aliases = Aliases.Where(alias => rule.Names.Contains(alias.Linux)).Select(alias => alias.Sentry);
        rules.Add(rule with { Action = action, ErrnoRet = null, Names = [.. rule.Names, .. aliases] });
    }

    /// <summary>The Sentry's equivalent of an action.</summary>
    private static string ActionOf(string action, uint? errno, List<string> differences)
    {
        switch (action)
        {
            case Log:
                differences.Add("gvisor has no log for calls that are let through (SCMP_ACT_LOG)");
                return Allow;
            case KillProcess:
                differences.Add("gvisor ends the thread that makes a forbidden call, not its process (SCMP_ACT_KILL_PROCESS)");
                return KillThread;
            case "SCMP_ACT_KILL_THREAD":
                return KillThread;
            // A call that asks for a tracer where there is none gets ENOSYS, which means to C libraries that it does not exist: they fall back from
            // clone3 to clone then, and only then.
            case Errno when errno is Enosys:
                return Trace;
            case Errno when errno is not (null or Eperm):
                differences.Add("gvisor answers EPERM to every call that is refused, whatever errno the profile names");
                return Errno;
            default:
                return action;
        }
    }

    // The Sentry asks the filter first and lets a tracer change the call afterwards.
    private static void RefusePtrace(List<SeccompRule> rules, string otherwise, List<string> differences)
    {
        const string Name = "ptrace";
        differences.Add("ptrace is refused without SYS_PTRACE, since a tracer would take a process past gvisor's filter");
        for (int i = rules.Count - 1; i >= 0; i--)
        {
            if (!LetsPass(rules[i].Action) || !rules[i].Names.Contains(Name))
                continue;
            rules[i] = rules[i] with { Names = [.. rules[i].Names.Where(name => name != Name)] };
            if (rules[i].Names.Count == 0)
                rules.RemoveAt(i);
        }
        if (LetsPass(otherwise))
            rules.Add(new SeccompRule([Name], Errno));
    }

    // As in libseccomp: a rule without conditions is the only one for its call. Of several such rules, a refusal comes first.
    private static List<SeccompRule> InOrder(List<SeccompRule> rules)
    {
        var ordered = new List<SeccompRule>(rules.Count);
        ordered.AddRange(rules.Where(rule => !IsConditional(rule)).OrderBy(rule => LetsPass(rule.Action)));
        HashSet<string> whole = [.. ordered.SelectMany(rule => rule.Names)];
        foreach (SeccompRule rule in rules.Where(IsConditional).OrderBy(rule => LetsPass(rule.Action)))
        {
            string[] names = [.. rule.Names.Where(name => !whole.Contains(name))];
            if (names.Length > 0)
                ordered.Add(rule with { Names = names });
        }
        return ordered;
    }

    private static bool IsConditional(SeccompRule rule) => rule.Args is { Count: > 0 };

    private static bool LetsPass(string action) => action == Allow;
}
