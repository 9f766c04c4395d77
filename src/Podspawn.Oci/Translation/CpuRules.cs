using System.Globalization;
using Podspawn.Oci.Configuration;
using Podspawn.Oci.Host;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Translation;

/// <summary>Translates <c>defaults.cpus</c> to a quota of microseconds in each period.</summary>
internal static class CpuRules
{
    /// <summary>The minimum number of processors: the kernel accepts no quota below 1 ms in a period (Documentation/scheduler/sched-bwc.rst).</summary>
    internal const decimal Least = 0.01m;

    /// <summary>The maximum: far beyond any machine, and safely below the kernel's largest quota.</summary>
    internal const decimal Most = 100_000;

    private const ulong Period = 100_000; // microseconds

    /// <summary>A limit that no machine reaches.</summary>
    public static CpuLimits Greatest { get; } = new(Quota(Most), Period);

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
        if (cpus is <= 0 or > Most)
            return null;
        if (host.CgroupControllers.Contains("cpu"))
            return new CpuLimits(Quota(cpus), Period);
        diagnostics.RefuseUnlessWaived(Keys.Cpus, "this host has no cpu cgroup controller", request.AllowUnenforced, "enable the controller, write 0");
        return null;
    }

    private static long Quota(decimal cpus) => (long)(cpus * Period);

    private static string Text(decimal cpus) => cpus.ToString(CultureInfo.InvariantCulture);
}
