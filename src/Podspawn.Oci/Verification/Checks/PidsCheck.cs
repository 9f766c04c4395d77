using Podspawn.Oci.Verification.Views;
using Podspawn.Oci.Verification.Wishes;

namespace Podspawn.Oci.Verification.Checks;

/// <summary>The pids limit: the cgroup's number, the number of tasks at which fork fails, with which errno, and whether the container lived on.</summary>
internal static class PidsCheck
{
    public static void Run(Wish wish, Seen seen, FindingDraft draft)
    {
        if (wish.CgroupPids is { } wanted)
            InCgroup(wanted, seen, draft);
        if (seen.Inside is not { } inside)
        {
            if (wish.OnSentry && wish.PidsLimit > 0)
                draft.Unseen("the limit on processes", "gVisor counts them itself; verify without a name launches a probe");
            return;
        }
        if (!ProbeReach.TriesTasks(wish))
        {
            draft.Differs($"{wish.PidsLimit} processes are too many for a sandbox with {wish.Memory} bytes of memory, whose end comes first: the limit was not tried");
            return;
        }
        if (inside.First("pids") is not [var text, var error, ..] || InsideView.Number(text) is not { } tasks)
        {
            draft.Unseen("at how many processes fork fails", seen.End ?? "the container ended");
            return;
        }
        draft.Saw(error == "ok" ? $"{tasks} tasks, and fork did not fail" : $"fork fails with {error} at {tasks} tasks");
        Judge(wish, tasks, error, draft);
        string after = inside.Word("pids_after") ?? "none";
        draft.Expect(after == "ok", after == "ok" ? "the container lived, and fork works again" : $"afterwards fork gives {after}", "a container that lives on");
    }

    private static void Judge(Wish wish, long tasks, string error, FindingDraft draft)
    {
        long tried = ProbeReach.TasksOf(wish);
        if (wish.PidsLimit == 0 || wish.PidsLimit > tried)
        {
            if (error != "ok")
                draft.Short($"fork fails with {error} at {tasks} tasks, below the limit");
            return;
        }
        if (tasks > wish.PidsLimit)
            draft.Short($"{tasks} tasks, {(error == "ok" ? "and no end" : $"then {error}")}: more than {wish.PidsLimit}");
        else if (tasks < wish.PidsLimit)
            draft.Short($"fork fails with {error} at {tasks} tasks, {wish.PidsLimit} were asked for");
        else if (error != "EAGAIN")
            draft.Short($"fork fails with {error}, not EAGAIN");
    }

    private static void InCgroup(long wanted, Seen seen, FindingDraft draft)
    {
        if (seen.Outside?.Cgroup is not { } cgroup)
            draft.Unseen("the cgroup", seen.End);
        else if (cgroup.Pids is not { } found)
            draft.Short($"the cgroup {cgroup.Path} has no pids.max");
        else
            draft.Expect(found == wanted, $"pids.max {Word(found)} in {cgroup.Path}", Word(wanted));
    }

    private static string Word(long limit) => limit < 0 ? "max" : $"{limit}";
}
