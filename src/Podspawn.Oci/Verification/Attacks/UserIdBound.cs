using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Verification.Checks;
using Podspawn.Oci.Verification.Expectations;
using Podspawn.Oci.Verification.Observation;

namespace Podspawn.Oci.Verification.Attacks;

/// <summary>gVisor counts tasks by user id, so that the effective bound depends on the ids that a process can change to.</summary>
internal static class UserIdBound
{
    public static void Tell(Expectation expectation, Evidence evidence, FindingDraft draft)
    {
        if (expectation is not { OnSentry: true, PidsLimit: > 0 } || evidence.Inside is not { } inside)
            return;
        // A user other than root regains a capability of the bounding set by execve alone.
        bool becomesAny = expectation.Effective.Contains(Capability.Setuid) || (expectation.Bounding.Contains(Capability.Setuid) && !expectation.NoNewPrivileges);
        if (!becomesAny)
        {
            draft.Saw($"the config lets a process become 1 user id, its own: {expectation.PidsLimit} tasks are the bound of all");
            return;
        }
        string reached = inside.All("attack", "pids_limit", "user_ids") is [[_, "reached", var total, ..], ..]
            ? $"{total} tasks of {PidsAttacks.UserIds} ids at one time were reached; "
            : "";
        string backstop = expectation.CgroupPids is > 0 and var tasks ? $"the host's cgroup ends all at {tasks} tasks of its own" : "nothing on the host bounds all of them";
        draft.Differs($"the config lets a process become any user id, for SETUID is granted: the bound is {expectation.PidsLimit} tasks for each id; {reached}{backstop}");
    }
}
