namespace Podspawn.Oci.Runtimes;

/// <summary>What crun's releases do. Read in its sources, where nothing else is said.</summary>
internal static class CrunTraits
{
    internal static TraitTable Table { get; } = new(
        Newest: "1.29.1",
        FirstWithFeatures: "1.8.6",
        [
            // It refuses with "cgroups in hybrid mode not supported" when it sees /sys/fs/cgroup/unified.
            new(null, null, traits => traits with { AcceptsHybridCgroups = false }),
            // crun(1), run.oci.systemd.subgroup: systemd, which knows of no limits, would otherwise take them away.
            new(null, null, traits => traits with { SystemdSubgroup = "container" }),
            new("1.4", null, traits => traits with { RecursiveReadonlyMounts = true }),
            // -1 to pids.max of version 1, without a sign to cpu.cfs_quota_us.
            new(null, "1.13", traits => traits with { TakesUnlimitedPids = false }),
            new(null, "1.8.4", traits => traits with { TakesUnlimitedCpus = false }),
            // Measured up to 1.29.1: before 1.29 what is mounted below becomes writable; from then on it stays read-only, but loses nosuid, nodev and
            // noexec all the same.
            new(null, null, traits => traits with { ReadonlyPathsReopenMounts = true }),
        ]);
}
