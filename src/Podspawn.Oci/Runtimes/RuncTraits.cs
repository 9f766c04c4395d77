namespace Podspawn.Oci.Runtimes;

/// <summary>How runc's releases behave. Taken from its sources, where no other source is given.</summary>
internal static class RuncTraits
{
    internal static TraitTable Table { get; } = new(
        Newest: "1.5.1",
        FirstWithFeatures: "1.1.0",
        [
            new("1.1.0", null, traits => traits with { RecursiveReadonlyMounts = true }),
            // runc changed the mode after the mount.
            new(null, "1.1.8", traits => traits with { TmpfsTakesModeOfDirectory = true }),
            // Go's runtime raises the limit while runc's parent process sets it (https://github.com/opencontainers/runc/issues/4195).
            new(null, "1.1.13", traits => traits with { ExecRacesOpenFiles = true }),
            new("1.2.0-rc.1", "1.2.0-rc.2", traits => traits with { ExecRacesOpenFiles = true }),
            // runc took the mode of the directory that it had created itself a moment before.
            new("1.2.8", "1.2.9", traits => traits with { TmpfsTakesModeOfNewDirectory = true }),
            new("1.3.3", "1.3.4", traits => traits with { TmpfsTakesModeOfNewDirectory = true }),
            new("1.4.0-rc.3", "1.4.0", traits => traits with { TmpfsTakesModeOfNewDirectory = true }),
        ]);
}
