using Podspawn.Oci.Verification.Expectations;
using Podspawn.Oci.Verification.Observation;

namespace Podspawn.Oci.Verification.Checks;

/// <summary>The pids limit: the cgroup's number, the number of tasks at which fork fails, with which errno, and whether the container survived.</summary>
internal static class PidsCheck
{
    public static void Run(Expectation expectation, Evidence evidence, FindingDraft draft)
    {
        if (expectation.CgroupPids is { } wanted)
            InCgroup(wanted, evidence, draft);
        if (evidence.Inside is not { } inside)
        {
            if (expectation.OnSentry && expectation.PidsLimit > 0)
                draft.Unseen("the limit on processes", "gVisor counts them itself; verify without a name launches a probe");
            return;
        }
        if (!ProbeReach.TriesTasks(expectation))
        {
            draft.Differs($"{expectation.PidsLimit} processes are too many for a sandbox with {expectation.Memory} bytes of memory, whose end comes first: the limit was not " +
                $"tried");
            return;
        }
        if (inside.First("pids") is not [var text, var error, ..] || ProbeReport.Number(text) is not { } tasks)
        {
            draft.Unseen("at how many processes fork fails", evidence.End ?? "the container ended");
            return;
        }
        draft.Saw(error == "ok" ? $"{tasks} tasks, and fork did not fail" : $"fork fails with {error} at {tasks} tasks");
        Judge(expectation, tasks, error, draft);
        string after = inside.Word("pids_after") ?? "none";
        draft.Expect(after == "ok", after == "ok" ? "the container lived, and fork works again" : $"afterwards fork gives {after}", "a container that lives on");
    }

    private static void Judge(Expectation expectation, long tasks, string error, FindingDraft draft)
    {
        long tried = ProbeReach.TasksOf(expectation);
        if (expectation.PidsLimit == 0 || expectation.PidsLimit > tried)
        {
            if (error != "ok")
                draft.Short($"fork fails with {error} at {tasks} tasks, below the limit");
            return;
        }
        if (tasks > expectation.PidsLimit)
            draft.Short($"{tasks} tasks, {(error == "ok" ? "and no end" : $"then {error}")}: more than {expectation.PidsLimit}");
        else if (tasks < expectation.PidsLimit)
            draft.Short($"fork fails with {error} at {tasks} tasks, {expectation.PidsLimit} were asked for");
        else if (error != "EAGAIN")
            draft.Short($"fork fails with {error}, not EAGAIN");
    }

    private static void InCgroup(long wanted, Evidence evidence, FindingDraft draft)
    {
        if (evidence.Outside?.Cgroup is not { } cgroup)
            draft.Unseen("the cgroup", evidence.End);
        else if (cgroup.Pids is not { } found)
            draft.Short($"the cgroup {cgroup.Path} has no pids.max");
        else
            draft.Expect(found == wanted, $"pids.max {Word(found)} in {cgroup.Path}", Word(wanted));
    }

    private static string Word(long limit) => limit < 0 ? "max" : $"{limit}";
}
