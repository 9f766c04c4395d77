using System.Globalization;
using Podspawn.Oci.Host;
using Podspawn.Oci.Text;
using Podspawn.Oci.Verification.Expectations;
using Podspawn.Oci.Verification.Observation;

namespace Podspawn.Oci.Verification.Checks;

/// <summary>The limits of a cgroup that a launch is given beside its config (Documentation/admin-guide/cgroup-v1 and cgroup-v2.rst).</summary>
internal static class CgroupLimitChecks
{
    private const long Page = 4096;

    // What version 1 shows for no limit: the largest number of whole pages.
    private const long Unlimited = long.MaxValue - 4095;

    public static void Memory(Expectation expectation, Evidence evidence, FindingDraft draft)
    {
        LimitExpectation asked = expectation.Limits;
        if (evidence.Outside?.Cgroup is not { } cgroup)
            return; // The finding falls short of it anyway.
        if (asked.Swap is { } swap)
            Swap(swap, expectation, cgroup, draft);
        if (asked.Reservation is { } reservation)
            Number(cgroup, IsUnified(expectation) ? "memory.low" : "memory.soft_limit_in_bytes", reservation / Page * Page, "a soft limit", draft);
    }

    public static void Cpus(Expectation expectation, Evidence evidence, FindingDraft draft)
    {
        LimitExpectation asked = expectation.Limits;
        if (evidence.Outside is not { Cgroup: var cgroup } outside)
            return;
        if (asked.Period is { } period)
            Period(period, IsUnified(expectation), cgroup, draft);
        if (asked.Shares is { } shares)
            Shares(shares, IsUnified(expectation), cgroup, draft);
        if (asked.Cpus is { } cpus)
            Set(cpus, "cpuset.cpus", "Cpus_allowed_list", outside, draft);
        if (asked.Mems is { } mems)
            Set(mems, "cpuset.mems", "Mems_allowed_list", outside, draft);
    }

    public static void Disks(Expectation expectation, Evidence evidence, FindingDraft draft)
    {
        if (evidence.Outside?.Cgroup is not { } cgroup)
            draft.Unseen("the cgroup", evidence.End);
        else if (expectation.Limits.DiskWeight is not { } weight)
            draft.Saw("no weight was asked for");
        else
            Disks(weight, cgroup, draft);
    }

    /// <summary>What a runtime may make of a weight by version 1's scale: the proportional formula, and the one that maps 1024 to 100, which newer releases use.</summary>
    internal static IReadOnlyList<long> Weights(ulong shares)
    {
        double power = Math.Log2(shares);
        double exponent = (((power * power) + (125 * power)) / 612) - (7.0 / 34);
        return [1 + (((long)shares - 2) * 9999 / 262142), (long)Math.Ceiling(Math.Pow(10, exponent))];
    }

    private static void Swap(long swap, Expectation expectation, CgroupReport cgroup, FindingDraft draft)
    {
        if (IsUnified(expectation))
            Number(cgroup, "memory.swap.max", swap < 0 ? -1 : swap / Page * Page, "a limit on swap", draft);
        else
            Number(cgroup, "memory.memsw.limit_in_bytes", swap < 0 ? -1 : (swap + expectation.Memory) / Page * Page, "a limit on memory and swap", draft);
    }

    private static void Period(ulong period, bool unified, CgroupReport cgroup, FindingDraft draft)
    {
        string file = unified ? "cpu.max" : "cpu.cfs_period_us";
        string? found = cgroup.Files.GetValueOrDefault(file)?.Split(' ')[^1];
        Expect(found, found == period.ToString(CultureInfo.InvariantCulture), file, $"a period of {period} microseconds", cgroup, draft);
    }

    private static void Shares(ulong shares, bool unified, CgroupReport cgroup, FindingDraft draft)
    {
        string file = unified ? "cpu.weight" : "cpu.shares";
        IReadOnlyList<long> wanted = unified ? Weights(shares) : [(long)shares];
        string? found = cgroup.Files.GetValueOrDefault(file);
        Expect(found, Parse(found) is { } number && wanted.Contains(number), file, string.Join(" or ", wanted), cgroup, draft);
    }

    // The cgroup's own list, and what the kernel lets the process run on, which the process itself may narrow.
    private static void Set(string asked, string file, string line, HostReport outside, FindingDraft draft)
    {
        IReadOnlySet<int>? wanted = NumberList.Parse(asked);
        string? found = outside.Cgroup.Files.GetValueOrDefault(file);
        Expect(found, wanted is not null && found is not null && NumberList.Parse(found)?.SetEquals(wanted) == true, file, asked, outside.Cgroup, draft);
        if (outside.Status.GetValueOrDefault(line) is not { } allowed)
            draft.Unseen(line, null);
        else
            draft.Expect(wanted is not null && NumberList.Parse(allowed)?.IsSubsetOf(wanted) == true, $"{line} {allowed}", asked);
    }

    private static void Disks(ushort weight, CgroupReport cgroup, FindingDraft draft)
    {
        // Version 2 has 1 to 10000; bfq's weight has version 1's scale in both.
        long scaled = 1 + ((weight - 10) * 9999 / 990);
        (string File, long Wanted)[] files = [("blkio.bfq.weight", weight), ("io.bfq.weight", weight), ("blkio.weight", weight), ("io.weight", scaled)];
        (string file, long wanted) = files.FirstOrDefault(one => cgroup.Files.ContainsKey(one.File), files[^1]);
        // "default 500", and lines for single disks.
        string? found = cgroup.Files.GetValueOrDefault(file)?.Split('\n')[0];
        Expect(found, Parse(found?.Split(' ')[^1]) == wanted, file, $"{wanted}", cgroup, draft);
    }

    private static void Number(CgroupReport cgroup, string file, long wanted, string what, FindingDraft draft)
    {
        string? found = cgroup.Files.GetValueOrDefault(file);
        Expect(found, Parse(found) == (wanted >= Unlimited ? -1 : wanted), file, wanted < 0 ? $"{what} of max" : $"{what} of {wanted}", cgroup, draft);
    }

    private static void Expect(string? found, bool good, string file, string wanted, CgroupReport cgroup, FindingDraft draft) =>
        draft.Expect(good, found is null ? $"no {file} in {cgroup.Path}" : $"{file} {found} in {cgroup.Path}", wanted);

    private static long? Parse(string? text) => text switch
    {
        "max" or "-1" => -1,
        _ when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) => number >= Unlimited ? -1 : number,
        _ => null,
    };

    private static bool IsUnified(Expectation expectation) => expectation.CgroupLayout == CgroupLayout.Unified;
}
