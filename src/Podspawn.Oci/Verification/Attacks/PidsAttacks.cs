using System.Globalization;
using Podspawn.Oci.Verification.Expectations;
using Podspawn.Oci.Verification.Observation;

namespace Podspawn.Oci.Verification.Attacks;

/// <summary>Ways to more tasks than the limit.</summary>
internal static class PidsAttacks
{
    /// <summary>How many user ids the probe changes to.</summary>
    public const int UserIds = 5;

    // More tasks than this, of all ids together, cost time and show nothing more.
    private const long MostOfAllIds = 400;
    private const string Finding = "pids_limit";

    public static IReadOnlyList<Attack> Rows { get; } =
    [
        Row("threads", "threads in place of processes", Bounded),
        Row("double_fork", "processes that the container's first inherits", Bounded),
        Row("pid_namespace", "processes in a new pid namespace", Bounded),
        Row("rlimit", "a raised RLIMIT_NPROC", Bounded),
        Row("cgroup", "the cgroup tree, to write to it", Leave.ToMounters),
        Row("user_namespace", "processes in a new user namespace", Bounded),
        Row("user_ids", "processes of several user ids", OfSeveralIds) with { Arguments = ground => Most(ground.Expectation, expectation => Text(PerId(expectation))) },
        new Attack(Finding, Attack.Executed, "processes of one that exec brings in", Executed)
        {
            Arguments = ground => Most(ground.Expectation, _ => ExecutedProcess.Root),
        },
    ];

    /// <summary>The most tasks of all user ids together under gVisor, root's own included.</summary>
    public static long MostOnSentry(Expectation expectation) => expectation.PidsLimit * (UserIds + 1);

    private static Attack Row(string name, string about, Func<AttackTry, Verdict?> judge) =>
        new(Finding, name, about, judge) { Arguments = ground => Most(ground.Expectation, expectation => Text(ProbeReach.TasksOf(expectation))), On = _ => null };

    private static IEnumerable<AttackArgument> Most(Expectation expectation, Func<Expectation, string> most)
    {
        if (expectation.PidsLimit == 0 || ProbeReach.TasksOf(expectation) <= expectation.PidsLimit)
            return [];
        return [new AttackArgument(most(expectation), ProbeReach.TriesTasksOften(expectation) ? null : "so many processes again are too many for a sandbox with so little memory")];
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    // Beyond the limit for each id, where the limit is small; else beyond it for all ids together. A sandbox with little memory would end before.
    private static long PerId(Expectation expectation)
    {
        long each = ProbeReach.TasksOf(expectation);
        bool little = expectation is { OnSentry: true, Memory: > 0 and <= ProbeReach.LargestMemory };
        return each * UserIds <= MostOfAllIds && !little ? each : (each / UserIds) + 2;
    }

    private static Verdict Bounded(AttackTry tried)
    {
        if (tried.Reached is not { } tasks)
            return Verdict.Works(tried.Detail);
        string end = tried.End == "ok" ? "and no end" : $"then {tried.End}";
        return tasks > tried.Expectation.PidsLimit ? Verdict.Works($"{tasks} tasks, {end}: more than {tried.Expectation.PidsLimit}")
            : Verdict.Refused($"ended at {tasks} tasks with {tried.End}");
    }

    // gVisor counts the processes of each user id separately.
    private static Verdict OfSeveralIds(AttackTry tried) =>
        tried is { Expectation.OnSentry: true, Reached: { } tasks } && tasks > tried.Expectation.PidsLimit && tasks <= MostOnSentry(tried.Expectation)
            ? Verdict.Differs($"{tasks} tasks of {UserIds} user ids at one time; {tried.Expectation.PidsLimit} is the limit of each")
            : Bounded(tried);

    private static Verdict? Executed(AttackTry tried)
    {
        if (tried.Inside.First("exec", tried.Argument, "pids") is not [var text, var end, ..] || ProbeReport.Number(text) is not { } own)
            return null;
        // The container's first process is one more task.
        long tasks = tried.Expectation.OnSentry ? own : own + 1;
        return Bounded(tried with { Detail = tasks.ToString(CultureInfo.InvariantCulture), End = end });
    }
}
