using Podspawn.Oci.Host;

namespace Podspawn.Oci.Runtimes;

/// <summary>A behaviour in which a range of a runtime's releases differs from its newest.</summary>
/// <param name="Since">The first release that behaves so; null for all from the beginning.</param>
/// <param name="Until">The first later release that no longer does; null where there is none.</param>
/// <param name="What">Applies the behaviour to the traits.</param>
internal sealed record TraitRow(string? Since, string? Until, Func<RuntimeTraits, RuntimeTraits> What)
{
    private readonly RuntimeRelease? since = Since is null ? null : RuntimeRelease.Parse(Since);
    private readonly RuntimeRelease? until = Until is null ? null : RuntimeRelease.Parse(Until);

    internal bool Holds(RuntimeRelease release) => (since is not { } first || release >= first) && (until is not { } end || release < end);
}

/// <summary>The behaviours of one runtime's releases, as rows.</summary>
/// <param name="Newest">The newest release that the rows were checked against.</param>
/// <param name="FirstWithFeatures">The first release that has the verb <c>features</c>.</param>
/// <param name="Rows">The rows; where two set the same trait, the later one wins.</param>
internal sealed record TraitTable(string Newest, string FirstWithFeatures, IReadOnlyList<TraitRow> Rows)
{
    private readonly RuntimeRelease newest = RuntimeRelease.Parse(Newest);
    private readonly RuntimeRelease firstWithFeatures = RuntimeRelease.Parse(FirstWithFeatures);

    /// <summary>Whether a release has the verb <c>features</c>. A release that cannot be parsed is asked.</summary>
    internal bool HasFeatures(RuntimeRelease release) => release >= firstWithFeatures;

    /// <summary>The traits of a release. A release that is newer than every row has those of the newest.</summary>
    internal RuntimeTraits Of(RuntimeVersion version, SystemCallHandler kernel)
    {
        RuntimeRelease release = version.Release;
        var traits = new RuntimeTraits
        {
            Name = version.Name,
            Version = version.Version,
            Release = release,
            NewestKnown = Newest,
            Familiarity = release.IsUnknown ? ReleaseFamiliarity.Unreadable : release > newest ? ReleaseFamiliarity.Newer : ReleaseFamiliarity.Known,
            Kernel = kernel,
        };
        foreach (TraitRow row in Rows)
        {
            if (row.Holds(release))
                traits = row.What(traits);
        }
        return version.Features is { } features
            ? traits with { KnownCapabilities = features.Capabilities, RecursiveReadonlyMounts = features.KnowsMountOption("rro") }
            : traits;
    }
}
