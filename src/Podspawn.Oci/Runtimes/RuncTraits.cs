namespace Podspawn.Oci.Runtimes;

/// <summary>What runc's releases do. Read in its sources, where nothing else is said.</summary>
internal static class RuncTraits
{
    internal static TraitTable Table { get; } = new(
        Newest: "1.5.1",
        FirstWithFeatures: "1.1.0",
        [
            new("1.1.0", null, traits => traits with { RecursiveReadonlyMounts = true }),
            // It changed the mode after the mount.
            new(null, "1.1.8", traits => traits with { TmpfsTakesModeOfDirectory = true }),
            // It took the mode of the directory that it had made itself a moment before.
            new("1.2.8", "1.2.9", traits => traits with { TmpfsTakesModeOfNewDirectory = true }),
            new("1.3.3", "1.3.4", traits => traits with { TmpfsTakesModeOfNewDirectory = true }),
            new("1.4.0-rc.3", "1.4.0", traits => traits with { TmpfsTakesModeOfNewDirectory = true }),
        ]);
}
