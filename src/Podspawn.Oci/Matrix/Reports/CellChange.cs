namespace Podspawn.Oci.Matrix.Reports;

/// <summary>The ways in which a cell differs between two reports.</summary>
public enum CellChangeKind
{
    /// <summary>The result is worse.</summary>
    Worse,

    /// <summary>The result is better.</summary>
    Better,

    /// <summary>The result is different, but neither better nor worse: an error instead of a time limit, or the other way round.</summary>
    Other,

    /// <summary>The result is the same; the expected one is not.</summary>
    Expectation,

    /// <summary>Only in the newer report.</summary>
    New,

    /// <summary>Only in the older report.</summary>
    Gone,

    /// <summary>The result is the same; the evidence is not.</summary>
    Evidence,
}

/// <summary>A cell that differs between two reports.</summary>
/// <param name="Kind">The way in which it differs.</param>
/// <param name="Key">The cell.</param>
/// <param name="Old">The older report; null for a new cell.</param>
/// <param name="Now">The newer report; null for a cell that is gone.</param>
public sealed record CellChange(CellChangeKind Kind, CellKey Key, CellReport? Old, CellReport? Now)
{
    /// <summary>The difference between two reports of a cell; null for none, times aside. One of them may be missing.</summary>
    internal static CellChange? Between(CellReport? old, CellReport? now)
    {
        CellKey key = (now ?? old)!.Key;
        if (old is null)
            return new(CellChangeKind.New, key, old, now);
        if (now is null)
            return new(CellChangeKind.Gone, key, old, now);
        if (old.Result != now.Result)
            return new(Direction(CellWords.Badness(now.Result).CompareTo(CellWords.Badness(old.Result))), key, old, now);
        if (old.Expected != now.Expected)
            return new(CellChangeKind.Expectation, key, old, now);
        return SameEvidence(old, now) ? null : new(CellChangeKind.Evidence, key, old, now);
    }

    /// <summary>The change in one line, without its kind.</summary>
    internal string Text => (Old, Now) switch
    {
        (null, { } now) => $"{Key}: {CellWords.Verdict(now)}",
        ({ } old, null) => $"{Key}: was {CellWords.Of(old.Result)}",
        ({ } old, { } now) when Kind == CellChangeKind.Expectation =>
            $"{Key}: {CellWords.Of(now.Result)} as before; expected was {CellWords.Of(old.Expected)} and is {CellWords.Of(now.Expected)}",
        ({ } old, { } now) when Kind == CellChangeKind.Evidence => $"{Key}: {CellWords.Of(now.Result)} as before, with other evidence",
        ({ } old, { } now) => $"{Key}: {CellWords.Of(old.Result)} -> {CellWords.Of(now.Result)}{(now.AsExpected ? "" : $", expected {CellWords.Of(now.Expected)}")}",
        _ => Key.ToString(),
    };

    private static CellChangeKind Direction(int order) => order switch
    {
        > 0 => CellChangeKind.Worse,
        < 0 => CellChangeKind.Better,
        _ => CellChangeKind.Other,
    };

    private static bool SameEvidence(CellReport old, CellReport now) =>
        old.ExitStatus == now.ExitStatus
        && old.Output == now.Output
        && old.Evidence.SequenceEqual(now.Evidence)
        && old.Shortfalls.SequenceEqual(now.Shortfalls)
        && old.Notes.SequenceEqual(now.Notes);
}
