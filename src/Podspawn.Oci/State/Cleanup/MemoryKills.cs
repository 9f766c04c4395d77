using Podspawn.Oci.Host.Probing;

namespace Podspawn.Oci.State.Cleanup;

/// <summary>Whether the kernel has killed processes of a container for lack of memory: the count goes with the cgroup.</summary>
internal static class MemoryKills
{
    /// <summary>False as well where the cgroup is gone already, or is not limited.</summary>
    internal static bool Any(string? cgroup) => cgroup is not null && new CgroupFiles(CgroupProbe.Layout(), cgroup).MemoryKills > 0;
}
