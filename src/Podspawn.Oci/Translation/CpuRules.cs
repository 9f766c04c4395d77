using System.Globalization;
using Podspawn.Oci.Host;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Translation;

/// <summary><c>defaults.cpus</c> to a quota of microseconds in each period.</summary>
internal static class CpuRules
{
    private const ulong Period = 100_000;
    private const long SmallestQuota = 1_000; // the kernel's min_cfs_quota_period, 1 ms
    private const decimal Most = 100_000; // far beyond any machine, and safely below the kernel's largest quota

    /// <summary>A limit that no machine reaches.</summary>
    public static CpuLimits Greatest { get; } = new(Quota(Most), Period);

    public static void Check(decimal cpus, Diagnostics diagnostics)
    {
        if (cpus < 0)
            diagnostics.Refuse(Keys.Cpus, $"{Text(cpus)} is negative", "write the number of processors, or 0 for unlimited");
        else if (cpus > Most)
            diagnostics.Refuse(Keys.Cpus, $"{Text(cpus)} is more than any machine has", "write the number of processors, or 0 for unlimited");
        else if (cpus > 0 && Quota(cpus) < SmallestQuota)
            diagnostics.Refuse(Keys.Cpus, $"{Text(cpus)} is less than the kernel can divide", "write at least 0.01, or 0 for unlimited");
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
