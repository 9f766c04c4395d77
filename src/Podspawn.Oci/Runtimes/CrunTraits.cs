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
            new(null, "1.27", traits => traits with { ReadonlyPathsReopenMounts = true }),
            // It adds the one flag to a copy of the mounts (mount_setattr(2)), and sets all of them anew only where it cannot.
            new("1.27", null, traits => traits with { ReadonlyPathsNeedMountSetattr = true }),
        ]);
}
