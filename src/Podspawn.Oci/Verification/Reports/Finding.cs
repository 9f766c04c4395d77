using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Podspawn.Oci.Verification.Reports;

/// <summary>The result of checking one thing that was asked for.</summary>
/// <param name="Name">Its name: a config key where one key asks for it (<c>pids_limit</c>), a word of the field otherwise (<c>namespaces</c>).</param>
/// <param name="Keys">The dotted config keys that ask for it; empty where no key does and every container gets it.</param>
/// <param name="Expectation">What was asked for, as a reader would write it.</param>
/// <param name="Result">How the evidence compares with it.</param>
/// <param name="Evidence">What was observed, one item a line.</param>
/// <param name="Shortfalls">What is less than was asked for, one item a line; empty unless the finding falls short.</param>
/// <param name="Notes">In which ways it holds differently, one item a line.</param>
public sealed record Finding(
    string Name,
    IReadOnlyList<string> Keys,
    [property: JsonPropertyName("wish")] string Expectation,
    FindingResult Result,
    IReadOnlyList<string> Evidence,
    IReadOnlyList<string> Shortfalls,
    IReadOnlyList<string> Notes)
{
    /// <summary>The known ways around it that were tried, in the order of their table; empty in a report of version 1, or where no probe was inside.</summary>
    // What is missing in a document of version 1 comes as null, whatever the initial value is (https://github.com/dotnet/runtime/issues/84484).
    [AllowNull]
    public IReadOnlyList<AttackReport> Attacks { get => field ?? []; init; }
}

/// <summary>How the evidence compares with what was asked for, from good to bad.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FindingResult>))]
public enum FindingResult
{
    /// <summary>As asked for.</summary>
    [JsonStringEnumMemberName("holds")]
    Holds,

    /// <summary>By other means, or with a difference that a note describes.</summary>
    [JsonStringEnumMemberName("holds differently")]
    HoldsDifferently,

    /// <summary>Less than was asked for, or it could not be observed.</summary>
    [JsonStringEnumMemberName("falls short")]
    FallsShort,
}
