using Podspawn.Oci.Configuration;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Translation;

/// <summary>Translates <c>defaults.memory</c>, and what a launch says on swap and a soft limit, to the memory controller's limits.</summary>
internal static class MemoryRules
{
    /// <summary>The minimum in bytes: with less the kernel kills the runtime itself before the command begins; Docker has the same minimum.</summary>
    internal const long Least = 6L << 20;

    private const long Unlimited = -1;

    public static void Check(long bytes, Diagnostics diagnostics)
    {
        if (bytes < 0)
            diagnostics.Refuse(Keys.Memory, $"{bytes} is negative", "write a size such as 2g, or 0 for unlimited");
        else if (bytes is > 0 and < Least)
            diagnostics.Refuse(Keys.Memory, $"{bytes} bytes are too few for a container to start", "write at least 6m, or 0 for unlimited");
    }

    public static MemoryLimits? Translate(long bytes, LaunchRequest request, HostFacts host, RuntimeTraits runtime, Diagnostics diagnostics)
    {
        ResourceRequest asked = request.Resources;
        CheckSwap(asked.MemorySwap, bytes, diagnostics);
        CheckReservation(asked.MemoryReservation, bytes, diagnostics);
        long? reservation = Reservation(asked.MemoryReservation, request, host, diagnostics);
        if (bytes <= 0)
            return reservation is null ? null : new MemoryLimits { Reservation = reservation };
        if (!host.CgroupControllers.Contains("memory"))
        {
            diagnostics.RefuseUnlessWaived(Keys.Memory, "this host has no memory cgroup controller", request.AllowUnenforced, "enable the controller, write 0");
            return null;
        }

        if (runtime.Kernel == SystemCallHandler.Sentry)
            diagnostics.Inform(Keys.Memory, "the limit holds for the whole sandbox, gvisor's own memory included");
        return new MemoryLimits(bytes, Swap(asked.MemorySwap, bytes, request, host, diagnostics)) { Reservation = reservation };
    }

    private static void CheckSwap(long? swap, long bytes, Diagnostics diagnostics)
    {
        if (swap is null)
            return;
        if (bytes <= 0)
            diagnostics.Refuse(LaunchKeys.MemorySwap, "it counts memory and swap together, and the memory is unlimited", $"set {Setting.Memory} as well, or leave it away");
        else if (swap != Unlimited && swap < bytes)
            diagnostics.Refuse(LaunchKeys.MemorySwap, $"{swap} bytes of memory and swap together are less than the {bytes} of memory alone",
                $"write at least as much as {Setting.Memory} has (as much: no swap), or -1 for unlimited swap");
    }

    private static void CheckReservation(long? reservation, long bytes, Diagnostics diagnostics)
    {
        if (reservation > bytes && bytes > 0)
            diagnostics.Refuse(LaunchKeys.MemoryReservation, $"{reservation} bytes are more than the limit of {bytes}", $"write at most what {Setting.Memory} has");
    }

    private static long? Reservation(long? asked, LaunchRequest request, HostFacts host, Diagnostics diagnostics)
    {
        if (asked is null || host.CgroupControllers.Contains("memory"))
            return asked;
        diagnostics.RefuseUnlessWaived(LaunchKeys.MemoryReservation, "this host has no memory cgroup controller", request.AllowUnenforced, "enable the controller, leave it away");
        return null;
    }

    // Without a word it is Docker's rule, as much swap as memory; the spec's value is the sum of the two.
    private static long? Swap(long? asked, long bytes, LaunchRequest request, HostFacts host, Diagnostics diagnostics)
    {
        if (host.SwapAccounting)
            return asked ?? TwiceAsMuch(bytes);
        if (asked is null or Unlimited)
            diagnostics.Inform(Keys.Memory, "this host cannot limit swap");
        else
            diagnostics.RefuseUnlessWaived(LaunchKeys.MemorySwap, "this host cannot limit swap", request.AllowUnenforced, "boot it with swapaccount=1, leave it away");
        return null;
    }

    private static long TwiceAsMuch(long bytes) => bytes > long.MaxValue / 2 ? long.MaxValue : 2 * bytes;
}
