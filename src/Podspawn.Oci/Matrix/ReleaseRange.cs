using Podspawn.Oci.Host;
using Podspawn.Oci.Runtimes;

namespace Podspawn.Oci.Matrix;

/// <summary>How a release of a runtime has to stand to another.</summary>
public enum ReleaseRelation
{
    /// <summary><c>&lt;</c></summary>
    Before,

    /// <summary><c>&lt;=</c></summary>
    UpTo,

    /// <summary><c>&gt;</c></summary>
    After,

    /// <summary><c>&gt;=</c></summary>
    From,

    /// <summary><c>=</c></summary>
    Is,

    /// <summary><c>!=</c></summary>
    IsNot,
}

/// <summary>One comparison of a <see cref="ReleaseRange"/>.</summary>
/// <param name="Relation">How the runtime's release has to stand to this one.</param>
/// <param name="Release">The release that it is compared with.</param>
public sealed record ReleaseBound(ReleaseRelation Relation, RuntimeRelease Release)
{
    /// <summary>Whether the comparison comes out true for a release that stands so to ours: below 0 before it, 0 the same, above 0 after it.</summary>
    internal bool HoldsAt(int order) => Relation switch
    {
        ReleaseRelation.Before => order < 0,
        ReleaseRelation.UpTo => order <= 0,
        ReleaseRelation.After => order > 0,
        ReleaseRelation.From => order >= 0,
        ReleaseRelation.Is => order == 0,
        _ => order != 0,
    };
}

/// <summary>Some releases of one runtime: those for which every comparison holds.</summary>
/// <param name="Bounds">The comparisons; none for every release.</param>
public sealed record ReleaseRange(IReadOnlyList<ReleaseBound> Bounds)
{
    /// <summary>Every release.</summary>
    public static ReleaseRange Any { get; } = new([]);

    /// <summary>Whether the release is in the range. One whose version cannot be read counts as newer than all.</summary>
    public bool Holds(RuntimeRelease release) => Bounds.All(bound => bound.HoldsAt(release.CompareTo(bound.Release)));

    /// <summary>Whether there can be a release that is in both ranges.</summary>
    internal bool Meets(ReleaseRange other)
    {
        List<ReleaseBound> bounds = [.. Bounds, .. other.Bounds];
        List<RuntimeRelease> named = [.. bounds.Select(bound => bound.Release).Order()];
        // Between two releases that are named, all comparisons come out alike: one place in each gap is enough.
        // The release at index i has the place 2i + 1, the gap before it 2i.
        return Enumerable.Range(0, (2 * named.Count) + 1).Any(place => bounds.All(bound => bound.HoldsAt(place.CompareTo(PlaceOf(bound.Release)))));

        int PlaceOf(RuntimeRelease release) => (2 * named.FindIndex(item => item.CompareTo(release) == 0)) + 1;
    }
}
