using Podspawn.Oci.Verification.Expectations;
using Podspawn.Oci.Verification.Observation;

namespace Podspawn.Oci.Verification.Checks;

/// <summary>The limits on processors and memory (Documentation/admin-guide/cgroup-v2.rst).</summary>
internal static class ResourceChecks
{
    private const int Page = 4096;
    private const decimal SmallestShare = 0.001m;

    public static void Cpus(Expectation expectation, Evidence evidence, FindingDraft draft)
    {
        if (evidence.Outside?.Cgroup is not { } cgroup)
            draft.Unseen("the cgroup", evidence.End);
        else if (cgroup.Cpus is not { } found)
            Missing(expectation.Cpus > 0, "no limit on processors", cgroup, draft);
        else if (expectation.Cpus > 0)
            draft.Expect(Math.Abs(found - expectation.Cpus) <= SmallestShare, $"{Word(found)} processors in {cgroup.Path}", $"{expectation.Cpus}");
        else
            draft.Expect(found < 0, $"{Word(found)} processors in {cgroup.Path}", "no limit");
        if (expectation.Cpus > 0)
            LimitSight.Look("cpu", expectation, evidence, draft);
    }

    public static void Memory(Expectation expectation, Evidence evidence, FindingDraft draft)
    {
        if (evidence.Outside?.Cgroup is not { } cgroup)
            draft.Unseen("the cgroup", evidence.End);
        else if (cgroup.Memory is not { } found)
            Missing(expectation.Memory > 0, "no limit on memory", cgroup, draft);
        else if (expectation.Memory > 0)
            draft.Expect(found == expectation.Memory / Page * Page, $"{Word(found)} bytes in {cgroup.Path}", $"{expectation.Memory} bytes");
        else
            draft.Expect(found < 0, $"{Word(found)} bytes in {cgroup.Path}", "no limit");
        if (expectation.Memory > 0)
            LimitSight.Look("memory", expectation, evidence, draft);
        if (evidence.Inside is { } inside && ProbeReach.TriesMemory(expectation))
            Filled(expectation, inside, evidence, draft);
    }

    private static void Filled(Expectation expectation, ProbeReport inside, Evidence evidence, FindingDraft draft)
    {
        if (inside.First("memory") is not [var text, var outcome, ..] || ProbeReport.Number(text) is not { } touched)
        {
            draft.Unseen("what happens beyond the limit", evidence.End);
            return;
        }
        draft.Saw($"a process that took {touched} bytes ended with {outcome}");
        if (outcome != "signal 9" || touched > expectation.Memory)
            draft.Short($"a process could take {touched} bytes ({outcome}), the limit is {expectation.Memory}");
    }

    private static void Missing(bool wanted, string what, CgroupReport cgroup, FindingDraft draft)
    {
        draft.Saw($"{what} in {cgroup.Path}");
        if (wanted)
            draft.Short($"{what} in {cgroup.Path}");
    }

    private static string Word<T>(T limit)
        where T : System.Numerics.INumber<T> => limit < T.Zero ? "unlimited" : $"{limit}";
}
