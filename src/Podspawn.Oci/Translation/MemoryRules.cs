using Podspawn.Oci.Configuration;
using Podspawn.Oci.Host;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Translation;

/// <summary>Translates <c>defaults.memory</c> to the memory controller's limits.</summary>
internal static class MemoryRules
{
    /// <summary>The minimum in bytes: with less the kernel kills the runtime itself before the command begins; Docker has the same minimum.</summary>
    internal const long Least = 6L << 20;

    public static void Check(long bytes, Diagnostics diagnostics)
    {
        if (bytes < 0)
            diagnostics.Refuse(Keys.Memory, $"{bytes} is negative", "write a size such as 2g, or 0 for unlimited");
        else if (bytes is > 0 and < Least)
            diagnostics.Refuse(Keys.Memory, $"{bytes} bytes are too few for a container to start", "write at least 6m, or 0 for unlimited");
    }

    public static MemoryLimits? Translate(long bytes, LaunchRequest request, HostFacts host, RuntimeTraits runtime, Diagnostics diagnostics)
    {
        if (bytes <= 0)
            return null;
        if (!host.CgroupControllers.Contains("memory"))
        {
            diagnostics.RefuseUnlessWaived(Keys.Memory, "this host has no memory cgroup controller", request.AllowUnenforced, "enable the controller, write 0");
            return null;
        }

        if (runtime.Kernel == SystemCallHandler.Sentry)
            diagnostics.Inform(Keys.Memory, "the limit holds for the whole sandbox, gvisor's own memory included");
        if (!host.SwapAccounting)
            diagnostics.Inform(Keys.Memory, "this host cannot limit swap");
        return new MemoryLimits(bytes, host.SwapAccounting ? TwiceAsMuch(bytes) : null);
    }

    /// <summary>Docker's rule: as much swap as memory; the spec's value is the sum of the two.</summary>
    private static long TwiceAsMuch(long bytes) => bytes > long.MaxValue / 2 ? long.MaxValue : 2 * bytes;
}
