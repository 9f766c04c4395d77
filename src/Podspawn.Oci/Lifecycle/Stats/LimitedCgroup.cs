using Podspawn.Oci.Host;
using Podspawn.Oci.Translation;

namespace Podspawn.Oci.Lifecycle.Stats;

/// <summary>Finds the cgroup that has a container's limits.</summary>
internal static class LimitedCgroup
{
    /// <summary>Its path; null on a host without cgroups.</summary>
    internal static string? Of(string? cgroup, RuntimeTraits runtime) =>
        cgroup is not null && runtime.SystemdSubgroup is { } below && cgroup.StartsWith(CgroupPath.SystemdSlice, StringComparison.Ordinal) ? $"{cgroup}/{below}" : cgroup;
}
