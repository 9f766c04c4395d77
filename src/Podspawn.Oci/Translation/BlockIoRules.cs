using Podspawn.Oci.Host;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Translation;

/// <summary>A launch's weight at the disks (config-linux.md, "blockIO").</summary>
internal static class BlockIoRules
{
    private const long Least = 10, Most = 1000;

    public static BlockIoLimits? Translate(LaunchRequest request, HostFacts host, RuntimeTraits runtime, Diagnostics diagnostics)
    {
        if (request.Resources.BlkioWeight is not { } weight)
            return null;
        if (weight is < Least or > Most)
            diagnostics.Refuse(LaunchKeys.BlkioWeight, $"{weight} is no weight", $"write a number from {Least} to {Most}; 500 is usual");
        else if (!host.CgroupControllers.Contains(host.CgroupLayout == CgroupLayout.Unified ? "io" : "blkio"))
            diagnostics.RefuseUnlessWaived(LaunchKeys.BlkioWeight, "this host has no cgroup controller for disks", request.AllowUnenforced, "enable the controller, leave it away");
        else if (!host.BlockIoWeight)
            diagnostics.RefuseUnlessWaived(
                LaunchKeys.BlkioWeight, "this host's kernel has no weights at the disks", request.AllowUnenforced, "use an I/O scheduler with weights (bfq), leave it away");
        else if (host is { OnlyBfqWeight: true, CgroupLayout: not CgroupLayout.Unified } && !runtime.FindsBfqWeightOfVersion1)
            diagnostics.RefuseUnlessWaived(
                LaunchKeys.BlkioWeight, $"{runtime.Name} does not know the weight of the scheduler bfq, the only one here", request.AllowUnenforced,
                "use another runtime, leave it away");
        else
            return new BlockIoLimits((ushort)weight);
        return null;
    }
}
