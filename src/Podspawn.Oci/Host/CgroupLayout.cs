namespace Podspawn.Oci.Host;

/// <summary>How the host mounts its control groups (cgroups(7)).</summary>
public enum CgroupLayout
{
    /// <summary>No cgroup filesystem is mounted at /sys/fs/cgroup.</summary>
    None,

    /// <summary>One hierarchy for each controller.</summary>
    V1,

    /// <summary>Version 1 controllers, with a version 2 hierarchy at /sys/fs/cgroup/unified.</summary>
    Hybrid,

    /// <summary>Version 2 only.</summary>
    Unified,
}
