using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Host;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Text;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Translation;

/// <summary>A resource limit that a launch asks for (getrlimit(2)), by docker's names.</summary>
internal static class UlimitRules
{
    private const string Core = "core", Processes = "nproc";

    private static readonly string[] Names =
        ["as", Core, "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", Processes, "rss", "rtprio", "rttime", "sigpending", "stack"];

    // The Sentry counts these (gvisor's pkg/sentry/limits); of the others it only tells the number.
    private static readonly string[] OfSentry = ["as", "cpu", "data", "fsize", "memlock", "nofile", Processes, "stack"];

    public static Rlimit? Translate(
        UlimitRequest asked, Rlimit? processes, LaunchRequest request, HostFacts host, RuntimeTraits runtime, Diagnostics diagnostics)
    {
        if (!Names.Contains(asked.Name))
        {
            diagnostics.Refuse(LaunchKeys.Ulimit, $"{Printable.Quote(asked.Name)} is no limit of a process",
                Suggestion.DidYouMean(asked.Name, Names) ?? $"use one of {string.Join(", ", Names)}");
            return null;
        }
        if (asked.Soft > asked.Hard)
        {
            diagnostics.Refuse(LaunchKeys.Ulimit, $"{asked.Name}: {Text(asked.Soft)} in effect is more than the hard limit of {Text(asked.Hard)}", "write SOFT:HARD");
            return null;
        }
        // setrlimit(2): who lacks the capability cannot raise a hard limit.
        if (host.HardLimits.TryGetValue(asked.Name, out ulong own) && asked.Hard > own && !host.AvailableCapabilities.Contains(Capability.SysResource))
        {
            diagnostics.Refuse(
                LaunchKeys.Ulimit, $"{asked.Name}: {Text(asked.Hard)} is more than our own hard limit, {own}, which only CAP_SYS_RESOURCE raises", $"write at most {own}");
            return null;
        }
        if (runtime.Kernel == SystemCallHandler.Sentry && !OfSentry.Contains(asked.Name))
        {
            bool waived = diagnostics.RefuseUnlessWaived(
                LaunchKeys.Ulimit, $"gvisor tells a process the limit '{asked.Name}', and does not enforce it", request.AllowUnenforced, "leave it away, use another runtime");
            if (!waived)
                return null;
        }
        return asked.Name switch
        {
            Core => OfCore(asked, diagnostics),
            Processes when processes is not null => new Rlimit(processes.Type, Math.Min(asked.Hard, processes.Hard), Math.Min(asked.Soft, processes.Soft)),
            _ => new Rlimit($"RLIMIT_{asked.Name.ToUpperInvariant()}", asked.Hard, asked.Soft),
        };
    }

    /// <summary>0 is the weaker value: with it the kernel still starts the program that the host's core_pattern may name, with 1 it does not (core(5)).</summary>
    private static Rlimit OfCore(UlimitRequest asked, Diagnostics diagnostics)
    {
        const ulong None = 1;
        if (asked.Hard <= None)
            return new Rlimit("RLIMIT_CORE", None, None);
        diagnostics.Warn(LaunchKeys.Ulimit, "core: a program of the host's, which core_pattern may name, reads as root what a hostile process has put into its memory");
        return new Rlimit("RLIMIT_CORE", asked.Hard, asked.Soft == 0 ? None : asked.Soft);
    }

    private static string Text(ulong limit) => limit == ulong.MaxValue ? "unlimited" : limit.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
