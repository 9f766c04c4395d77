using Podspawn.Oci.Host;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation;

namespace Podspawn.Oci.Lifecycle.Updating;

/// <summary>Limits as a running cgroup is told of them: only what an update changes, and no limit is written out.</summary>
internal static class CgroupText
{
    private const long Unlimited = -1;
    private const ulong UsualShares = 1024;

    /// <summary>For a runtime that does not accept -1, the limit is the most tasks that the kernel can have, which has the same effect.</summary>
    internal static PidsLimits Of(PidsLimits? limit) => limit ?? new PidsLimits(PidsRules.KernelMaximum);

    internal static MemoryLimits Of(MemoryLimits? limit, UpdateRequest wish, HostFacts host) => new(
        limit?.Limit ?? Unlimited,
        limit?.Limit is null ? host.SwapAccounting ? Unlimited : null : limit.Swap)
    {
        Reservation = wish.Resources.MemoryReservation is null ? null : limit?.Reservation ?? Unlimited,
    };

    internal static CpuLimits Of(CpuLimits? limit, UpdateRequest wish, RuntimeTraits runtime)
    {
        CpuLimits said = new()
        {
            Shares = wish.Resources.CpuShares is null ? null : limit?.Shares ?? UsualShares,
            Cpus = wish.Resources.CpusetCpus is null ? null : limit?.Cpus,
            Mems = wish.Resources.CpusetMems is null ? null : limit?.Mems,
        };
        if (!wish.ChangesQuota)
            return said;
        return limit?.Quota is { } quota
            ? said with { Quota = quota, Period = limit.Period }
            : said with { Quota = runtime.TakesUnlimitedCpus ? Unlimited : CpuRules.Greatest.Quota, Period = CpuRules.Greatest.Period };
    }
}
