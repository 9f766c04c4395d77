using Podspawn.Oci.Hosting;

namespace Podspawn.Oci.Runtimes;

/// <summary>crun, the small runtime in C.</summary>
internal sealed class CrunDriver(string program, RuntimeVersion version) : RuntimeDriver(program, version)
{
    public override RuntimeTraits Traits { get; } = new()
    {
        Name = "crun",
        Version = version.Version,
        Kernel = SystemCallHandler.Host,
        // It refuses with "cgroups in hybrid mode not supported" when it sees /sys/fs/cgroup/unified.
        AcceptsHybridCgroups = false,
        // crun(1), run.oci.systemd.subgroup: systemd, which knows of no limits, would otherwise take them away.
        SystemdSubgroup = "container",
        TakesUnlimitedPids = false,
        TakesUnlimitedCpus = false,
        RecursiveReadonlyMounts = true,
        ReadonlyPathsReopenMounts = true,
    };
}
