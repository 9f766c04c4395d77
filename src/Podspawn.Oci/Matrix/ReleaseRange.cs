using Podspawn.Oci.Host;

namespace Podspawn.Oci.Matrix;

/// <summary>The relations between two releases of a runtime.</summary>
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
/// <param name="Relation">The required relation of the runtime's release to this one.</param>
/// <param name="Release">The release that it is compared with.</param>
public sealed record ReleaseBound(ReleaseRelation Relation, RuntimeRelease Release)
{
    /// <summary>Whether the comparison holds for a release with this order relative to ours: negative before it, 0 for the same, positive after it.</summary>
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

/// <summary>A range of releases of one runtime: those for which every comparison holds.</summary>
/// <param name="Bounds">The comparisons; empty for every release.</param>
public sealed record ReleaseRange(IReadOnlyList<ReleaseBound> Bounds)
{
    /// <summary>Every release.</summary>
    public static ReleaseRange Any { get; } = new([]);

    /// <summary>Whether the release is in the range. A version that cannot be parsed counts as newer than all.</summary>
    public bool Holds(RuntimeRelease release) => Bounds.All(bound => bound.HoldsAt(release.CompareTo(bound.Release)));

    /// <summary>Whether there can be a release that is in both ranges.</summary>
    internal bool Meets(ReleaseRange other)
    {
        List<ReleaseBound> bounds = [.. Bounds, .. other.Bounds];
        List<RuntimeRelease> named = [.. bounds.Select(bound => bound.Release).Order()];
        // Between two named releases all comparisons have the same result: one position in each gap is enough. The release at index i has the
        // position 2i + 1, the gap before it 2i.
        return Enumerable.Range(0, (2 * named.Count) + 1).Any(place => bounds.All(bound => bound.HoldsAt(place.CompareTo(PlaceOf(bound.Release)))));

        int PlaceOf(RuntimeRelease release) => (2 * named.FindIndex(item => item.CompareTo(release) == 0)) + 1;
    }
}
