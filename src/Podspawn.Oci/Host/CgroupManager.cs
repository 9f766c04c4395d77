namespace Podspawn.Oci.Host;

/// <summary>The manager that creates the cgroups of containers.</summary>
public enum CgroupManager
{
    /// <summary>The runtime itself, by creating directories.</summary>
    Cgroupfs,

    /// <summary>systemd, at the runtime's request: each container is a scope among its units.</summary>
    Systemd,
}
