using Podspawn.Oci.Verification.Views;
using Podspawn.Oci.Verification.Wishes;

namespace Podspawn.Oci.Verification.Checks;

/// <summary>The limits on processors and memory (Documentation/admin-guide/cgroup-v2.rst).</summary>
internal static class ResourceChecks
{
    private const int Page = 4096;
    private const decimal SmallestShare = 0.001m;

    public static void Cpus(Wish wish, Seen seen, FindingDraft draft)
    {
        if (seen.Outside?.Cgroup is not { } cgroup)
            draft.Unseen("the cgroup", seen.End);
        else if (cgroup.Cpus is not { } found)
            Missing(wish.Cpus > 0, "no limit on processors", cgroup, draft);
        else if (wish.Cpus > 0)
            draft.Expect(Math.Abs(found - wish.Cpus) <= SmallestShare, $"{Word(found)} processors in {cgroup.Path}", $"{wish.Cpus}");
        else
            draft.Expect(found < 0, $"{Word(found)} processors in {cgroup.Path}", "no limit");
        if (wish.Cpus > 0)
            LimitSight.Look("cpu", wish, seen, draft);
    }

    public static void Memory(Wish wish, Seen seen, FindingDraft draft)
    {
        if (seen.Outside?.Cgroup is not { } cgroup)
            draft.Unseen("the cgroup", seen.End);
        else if (cgroup.Memory is not { } found)
            Missing(wish.Memory > 0, "no limit on memory", cgroup, draft);
        else if (wish.Memory > 0)
            draft.Expect(found == wish.Memory / Page * Page, $"{Word(found)} bytes in {cgroup.Path}", $"{wish.Memory} bytes");
        else
            draft.Expect(found < 0, $"{Word(found)} bytes in {cgroup.Path}", "no limit");
        if (wish.Memory > 0)
            LimitSight.Look("memory", wish, seen, draft);
        if (seen.Inside is { } inside && ProbeReach.TriesMemory(wish))
            Filled(wish, inside, seen, draft);
    }

    private static void Filled(Wish wish, InsideView inside, Seen seen, FindingDraft draft)
    {
        if (inside.First("memory") is not [var text, var outcome, ..] || InsideView.Number(text) is not { } touched)
        {
            draft.Unseen("what happens beyond the limit", seen.End);
            return;
        }
        draft.Saw($"a process that took {touched} bytes ended with {outcome}");
        if (outcome != "signal 9" || touched > wish.Memory)
            draft.Short($"a process could take {touched} bytes ({outcome}), the limit is {wish.Memory}");
    }

    private static void Missing(bool wanted, string what, CgroupView cgroup, FindingDraft draft)
    {
        draft.Saw($"{what} in {cgroup.Path}");
        if (wanted)
            draft.Short($"{what} in {cgroup.Path}");
    }

    private static string Word<T>(T limit)
        where T : System.Numerics.INumber<T> => limit < T.Zero ? "unlimited" : $"{limit}";
}
