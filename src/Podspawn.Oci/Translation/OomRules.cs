using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Host;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Translation;

/// <summary>The score by which the kernel chooses what it kills when memory runs out (proc(5), oom_score_adj).</summary>
internal static class OomRules
{
    private const long Least = -1000, Most = 1000;

    /// <summary>
    /// The score that is asked for; else Docker's 0, or more where the kernel would kill our caller sooner: going below the caller's value needs
    /// CAP_SYS_RESOURCE, and the caller's protection is never inherited.
    /// </summary>
    public static int Translate(LaunchRequest request, HostFacts host, Diagnostics diagnostics)
    {
        int usual = Math.Max(0, host.OomScoreAdj);
        if (request.Resources.OomScoreAdj is not { } asked)
            return usual;
        if (asked is < Least or > Most)
        {
            diagnostics.Refuse(LaunchKeys.OomScoreAdj, $"{asked} is no score", $"write a number from {Least} to {Most}");
            return usual;
        }
        if (asked < host.OomScoreAdj && !host.AvailableCapabilities.Contains(Capability.SysResource))
        {
            diagnostics.Refuse(LaunchKeys.OomScoreAdj, $"going below our own score, {host.OomScoreAdj}, needs CAP_SYS_RESOURCE", $"write at least {host.OomScoreAdj}");
            return usual;
        }
        if (asked < 0)
            diagnostics.Warn(LaunchKeys.OomScoreAdj, $"{asked}: when memory runs out, the kernel kills processes of the host before this container's");
        return (int)asked;
    }
}
