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
        // It keeps the name of its program, of which the kernel has room for 15 bytes.
        PreparingProcessName = Path.GetFileName(program) is { Length: > 15 } name ? name[..15] : Path.GetFileName(program),
        // crun(1), run.oci.systemd.subgroup: systemd, which knows of no limits, would otherwise take them away.
        SystemdSubgroup = "container",
        TakesUnlimitedPids = false,
        TakesUnlimitedCpus = false,
        RecursiveReadonlyMounts = true,
        ReadonlyPathsReopenMounts = true,
    };
}
