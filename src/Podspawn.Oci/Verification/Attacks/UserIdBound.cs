using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Verification.Checks;
using Podspawn.Oci.Verification.Views;
using Podspawn.Oci.Verification.Wishes;

namespace Podspawn.Oci.Verification.Attacks;

/// <summary>gVisor counts tasks by user id, so that the real bound follows from the ids that a process can become.</summary>
internal static class UserIdBound
{
    public static void Tell(Wish wish, Seen seen, FindingDraft draft)
    {
        if (wish is not { OnSentry: true, PidsLimit: > 0 } || seen.Inside is not { } inside)
            return;
        // Another user than root regains a capability of the bounding set by execve alone.
        bool becomesAny = wish.Effective.Contains(Capability.Setuid) || (wish.Bounding.Contains(Capability.Setuid) && !wish.NoNewPrivileges);
        if (!becomesAny)
        {
            draft.Saw($"the config lets a process become 1 user id, its own: {wish.PidsLimit} tasks are the bound of all");
            return;
        }
        string reached = inside.All("attack", "pids_limit", "user_ids") is [[_, "reached", var total, ..], ..]
            ? $"{total} tasks of {PidsAttacks.UserIds} ids at one time were reached; "
            : "";
        string backstop = wish.CgroupPids is > 0 and var tasks ? $"the host's cgroup ends all at {tasks} tasks of its own" : "nothing on the host bounds all of them";
        draft.Differs($"the config lets a process become any user id, for SETUID is granted: the bound is {wish.PidsLimit} tasks for each id; {reached}{backstop}");
    }
}
