namespace Podspawn.Oci.Runtimes;

/// <summary>How crun's releases behave. Taken from its sources, where no other source is given.</summary>
internal static class CrunTraits
{
    internal static TraitTable Table { get; } = new(
        Newest: "1.29.1",
        FirstWithFeatures: "1.8.6",
        [
            // crun refuses with "cgroups in hybrid mode not supported" when it sees /sys/fs/cgroup/unified.
            new(null, null, traits => traits with { AcceptsHybridCgroups = false }),
            // crun(1), run.oci.systemd.subgroup: systemd, which knows of no limits, would otherwise reset them.
            new(null, null, traits => traits with { SystemdSubgroup = "container" }),
            new("1.4", null, traits => traits with { RecursiveReadonlyMounts = true }),
            // Measured with 1.8.1, which clones the whole tree for the option bind as well; newer releases are taken to do the same.
            new(null, null, traits => traits with { BindsWhatIsMountedBelow = true }),
            // crun writes -1 to pids.max of version 1, without a sign to cpu.cfs_quota_us.
            // crun writes blkio.weight of version 1 alone.
            new(null, null, traits => traits with { FindsBfqWeightOfVersion1 = false }),
            new(null, "1.13", traits => traits with { TakesUnlimitedPids = false }),
            new(null, "1.8.4", traits => traits with { TakesUnlimitedCpus = false }),
            // Measured up to 1.29.1: before 1.29 mounts below the path become writable; from then on they stay read-only, but still lose nosuid, nodev and noexec.
            new(null, null, traits => traits with { ReadonlyPathsReopenMounts = true }),
        ]);
}
