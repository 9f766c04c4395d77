using Podspawn.Oci.Host;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Text;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Translation;

/// <summary>The processors and memory nodes that a launch restricts itself to (cpuset(7)).</summary>
internal static class CpusetRules
{
    public static CpuLimits Translate(CpuLimits limits, LaunchRequest request, HostFacts host, Diagnostics diagnostics) => limits with
    {
        Cpus = Translate(request.Resources.CpusetCpus, LaunchKeys.CpusetCpus, host.ProcessorList, "processors", request, host, diagnostics),
        Mems = Translate(request.Resources.CpusetMems, LaunchKeys.CpusetMems, host.MemoryNodeList, "memory nodes", request, host, diagnostics),
    };

    private static string? Translate(string? asked, string key, string? online, string what, LaunchRequest request, HostFacts host, Diagnostics diagnostics)
    {
        if (asked is null)
            return null;
        if (NumberList.Parse(asked) is not { } numbers)
            diagnostics.Refuse(key, $"{Printable.Quote(asked)} is no list of numbers", "write numbers and ranges, such as 0-3,5");
        else if (online is not null && NumberList.Parse(online) is { } present && !numbers.IsSubsetOf(present))
            diagnostics.Refuse(key, $"this host has the {what} {online} only, not all of {asked}", "write some of those");
        else if (!host.CgroupControllers.Contains("cpuset"))
            diagnostics.RefuseUnlessWaived(key, "this host has no cpuset cgroup controller", request.AllowUnenforced, "enable the controller, leave it away");
        else
            return asked;
        return null;
    }
}
