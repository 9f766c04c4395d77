namespace Podspawn.Oci.Host;

/// <summary>Who makes the cgroups of containers.</summary>
public enum CgroupManager
{
    /// <summary>The runtime itself, by making directories.</summary>
    Cgroupfs,

    /// <summary>systemd, at the runtime's request: each container is a scope among its units.</summary>
    Systemd,
}
