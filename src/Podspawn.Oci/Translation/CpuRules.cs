using System.Globalization;
using Podspawn.Oci.Configuration;
using Podspawn.Oci.Host;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Translation;

/// <summary>Translates <c>defaults.cpus</c> to a quota of microseconds in each period, and what a launch says on weight and processors.</summary>
internal static class CpuRules
{
    /// <summary>The minimum number of processors: the kernel accepts no quota below 1 ms in a period (Documentation/scheduler/sched-bwc.rst).</summary>
    internal const decimal Least = 0.01m;

    /// <summary>The maximum: far beyond any machine, and safely below the kernel's largest quota.</summary>
    internal const decimal Most = 100_000;

    private const long Period = 100_000; // microseconds

    // The bounds of the kernel (kernel/sched/core.c, kernel/sched/sched.h).
    private const long LeastPeriod = 1_000, MostPeriod = 1_000_000, LeastQuota = 1_000, LeastShares = 2, MostShares = 262_144;

    /// <summary>A limit that no machine reaches.</summary>
    public static CpuLimits Greatest { get; } = new(Quota(Most, Period), (ulong)Period);

    public static void Check(decimal cpus, Diagnostics diagnostics)
    {
        if (cpus < 0)
            diagnostics.Refuse(Keys.Cpus, $"{Text(cpus)} is negative", "write the number of processors, or 0 for unlimited");
        else if (cpus > Most)
            diagnostics.Refuse(Keys.Cpus, $"{Text(cpus)} is more than any machine has", $"write a number up to {Text(Most)}, or 0 for unlimited");
        else if (cpus is > 0 and < Least)
            diagnostics.Refuse(Keys.Cpus, $"{Text(cpus)} is less than the kernel can divide", $"write at least {Text(Least)}, or 0 for unlimited");
    }

    public static CpuLimits? Translate(decimal cpus, LaunchRequest request, HostFacts host, Diagnostics diagnostics)
    {
        CpuLimits limits = CpusetRules.Translate(new CpuLimits { Shares = Shares(request, host, diagnostics) }, request, host, diagnostics);
        limits = WithQuota(limits, cpus, request, host, diagnostics);
        return limits == new CpuLimits() ? null : limits;
    }

    private static CpuLimits WithQuota(CpuLimits limits, decimal cpus, LaunchRequest request, HostFacts host, Diagnostics diagnostics)
    {
        long period = request.Resources.CpuPeriod ?? Period;
        if (period is < LeastPeriod or > MostPeriod)
        {
            diagnostics.Refuse(LaunchKeys.CpuPeriod, $"{period} is no period that the kernel takes", $"write microseconds from {LeastPeriod} to {MostPeriod}");
            return limits;
        }
        if (cpus is <= 0 or > Most)
            return limits;
        if (!host.CgroupControllers.Contains("cpu"))
        {
            diagnostics.RefuseUnlessWaived(Keys.Cpus, "this host has no cpu cgroup controller", request.AllowUnenforced, "enable the controller, write 0");
            return limits;
        }
        if (cpus >= Least && Quota(cpus, period) < LeastQuota)
            diagnostics.Refuse(LaunchKeys.CpuPeriod, $"{Text(cpus)} processors are less than {LeastQuota} microseconds of so short a period", "write a longer one");
        return limits with { Quota = Quota(cpus, period), Period = (ulong)period };
    }

    private static ulong? Shares(LaunchRequest request, HostFacts host, Diagnostics diagnostics)
    {
        if (request.Resources.CpuShares is not { } shares)
            return null;
        if (shares is < LeastShares or > MostShares)
            diagnostics.Refuse(LaunchKeys.CpuShares, $"{shares} is no weight that the kernel takes", $"write a number from {LeastShares} to {MostShares}; 1024 is usual");
        else if (!host.CgroupControllers.Contains("cpu"))
            diagnostics.RefuseUnlessWaived(LaunchKeys.CpuShares, "this host has no cpu cgroup controller", request.AllowUnenforced, "enable the controller, leave it away");
        else
            return (ulong)shares;
        return null;
    }

    // A quota of a number that was divided before comes back whole.
    private static long Quota(decimal cpus, long period) => (long)Math.Floor(Math.Round(cpus * period, 6));

    private static string Text(decimal cpus) => cpus.ToString(CultureInfo.InvariantCulture);
}
