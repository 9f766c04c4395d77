using System.Globalization;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Verification.Expectations;
using Podspawn.Oci.Verification.Observation;

namespace Podspawn.Oci.Verification.Checks;

/// <summary>The limits of the process itself (getrlimit(2)), and the score by which the kernel chooses what to kill (proc(5), oom_score_adj).</summary>
internal static class ProcessLimitChecks
{
    private const string Prefix = "RLIMIT_";

    public static string Asked(Expectation expectation) =>
        string.Join(", ", expectation.Limits.Rlimits.Select(limit => $"{Name(limit)} {Pair(limit.Soft, limit.Hard)}").Append($"oom_score_adj {expectation.Limits.OomScore ?? 0}"));

    public static void Run(Expectation expectation, Evidence evidence, FindingDraft draft)
    {
        Score(expectation, evidence, draft);
        // The host's limits of the Sentry's process are not those that it keeps for the container's.
        IReadOnlyDictionary<string, ProcessLimit>? found = expectation.OnSentry ? Told(evidence.Inside) : evidence.Outside?.Limits;
        if (found is null)
        {
            draft.Unseen("the limits of the process", expectation.OnSentry && evidence.Inside is null
                ? "gVisor counts them itself; verify without a name launches a probe" : evidence.End);
            return;
        }
        foreach (Rlimit limit in expectation.Limits.Rlimits)
            One(limit, found, fresh: evidence.Inside is not null, draft);
    }

    // A process that runs for a while may have lowered its limits itself, and moved the soft one below the hard one.
    private static void One(Rlimit asked, IReadOnlyDictionary<string, ProcessLimit> limits, bool fresh, FindingDraft draft)
    {
        if (!limits.TryGetValue(asked.Type[Prefix.Length..], out ProcessLimit found))
        {
            draft.Unseen($"the limit {Name(asked)}", null);
            return;
        }
        bool good = fresh ? found.Soft == asked.Soft && found.Hard == asked.Hard : found.Hard <= asked.Hard;
        draft.Expect(good, $"{Name(asked)} {Pair(found.Soft, found.Hard)}", Pair(asked.Soft, asked.Hard));
    }

    private static void Score(Expectation expectation, Evidence evidence, FindingDraft draft)
    {
        int wanted = expectation.Limits.OomScore ?? 0;
        if (evidence.Outside?.OomScore is not { } found)
            draft.Unseen("oom_score_adj", evidence.End);
        else if (found > wanted && evidence.Inside is null)
            draft.Differs($"oom_score_adj is {found}, more than the {wanted} that was asked for: a process may raise its own");
        else
            draft.Expect(found == wanted, $"oom_score_adj {found}", $"{wanted}");
    }

    private static Dictionary<string, ProcessLimit>? Told(ProbeReport? inside)
    {
        var limits = new Dictionary<string, ProcessLimit>();
        foreach (string[] fields in inside?.All("process_limit") ?? [])
        {
            if (fields is [var name, var soft, var hard] && ProcessLimit.Of(soft, hard) is { } limit)
                limits[name] = limit;
        }
        return limits.Count == 0 ? null : limits;
    }

    private static string Name(Rlimit limit) => limit.Type[Prefix.Length..].ToLowerInvariant();

    private static string Pair(ulong soft, ulong hard) => $"{Text(soft)}:{Text(hard)}";

    private static string Text(ulong limit) => limit == ulong.MaxValue ? "unlimited" : limit.ToString(CultureInfo.InvariantCulture);
}
