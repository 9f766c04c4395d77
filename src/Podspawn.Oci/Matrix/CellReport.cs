using System.Text.Json.Serialization;

namespace Podspawn.Oci.Matrix;

/// <summary>One runtime x one security config x one bundle x one probe, by their names in the matrix file.</summary>
public sealed record CellKey(string Runtime, string Config, string Bundle, string Probe)
{
    /// <summary><c>runtime/config/bundle/probe</c>.</summary>
    public override string ToString() => $"{Runtime}/{Config}/{Bundle}/{Probe}";
}

/// <summary>The result of a cell.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CellResult>))]
public enum CellResult
{
    /// <summary>The finding holds, or the command did what it was expected to do.</summary>
    [JsonStringEnumMemberName("holds")]
    Holds,

    /// <summary>The finding holds by other means, or with a difference that a note describes.</summary>
    [JsonStringEnumMemberName("holds differently")]
    HoldsDifferently,

    /// <summary>The finding falls short, or the command did something else.</summary>
    [JsonStringEnumMemberName("falls short")]
    FallsShort,

    /// <summary>The container could not be launched.</summary>
    [JsonStringEnumMemberName("error")]
    Error,

    /// <summary>The cell was ended at its time limit.</summary>
    [JsonStringEnumMemberName("time limit")]
    TimeLimit,
}

/// <summary>The report of a cell.</summary>
public sealed record CellReport
{
    /// <summary>The runtime's name in the matrix file.</summary>
    public required string Runtime { get; init; }

    /// <summary>The security config's name in the matrix file.</summary>
    public required string Config { get; init; }

    /// <summary>The bundle's name in the matrix file.</summary>
    public required string Bundle { get; init; }

    /// <summary>The probe's name in the matrix file.</summary>
    public required string Probe { get; init; }

    /// <summary>The result.</summary>
    public required CellResult Result { get; init; }

    /// <summary>The result that the matrix file expects; <see cref="CellResult.Holds"/> unless an <c>expect</c> entry says otherwise.</summary>
    public CellResult Expected { get; init; } = CellResult.Holds;

    /// <summary>Why another result than <see cref="CellResult.Holds"/> is expected; null where it is not.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether the result is the expected one.</summary>
    public bool AsExpected => Result == Expected;

    /// <summary>Seconds from the cell's start to its end.</summary>
    public required double Seconds { get; init; }

    /// <summary>What was asked for, as a reader would write it.</summary>
    [JsonPropertyName("wish")]
    public required string Expectation { get; init; }

    /// <summary>What was observed, one item a line.</summary>
    public IReadOnlyList<string> Evidence { get; init; } = [];

    /// <summary>What is less than was asked for, one item a line.</summary>
    public IReadOnlyList<string> Shortfalls { get; init; } = [];

    /// <summary>In which ways it holds differently, one item a line.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The command that ran in the container; null for a built-in probe.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>The exit status; null where the cell was ended.</summary>
    public int? ExitStatus { get; init; }

    /// <summary>What a command wrote to its standard output, at most 64 KiB; null for a built-in probe.</summary>
    public string? Output { get; init; }

    /// <summary>The standard error, at most 64 KiB.</summary>
    public string Errors { get; init; } = "";

    /// <summary>The cell.</summary>
    [JsonIgnore]
    public CellKey Key => new(Runtime, Config, Bundle, Probe);
}
