using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Podspawn.Oci.Translation.Requests;
using Podspawn.Oci.Verification.Observation;

namespace Podspawn.Oci.Verification.Reports;

/// <summary>What was found of one thing that was asked for.</summary>
/// <param name="Name">Its name: a config key where one key asks for it (<c>pids_limit</c>), a word of the field otherwise (<c>namespaces</c>).</param>
/// <param name="Keys">The dotted config keys that ask for it; empty where no key does and every container gets it.</param>
/// <param name="Expectation">What was asked for, as a person would write it.</param>
/// <param name="Result">How what was found compares with it.</param>
/// <param name="Evidence">What was seen, a line each.</param>
/// <param name="Shortfalls">What of it is less than was asked for, a line each; empty unless it falls short.</param>
/// <param name="Notes">In which way it holds differently, a line each.</param>
public sealed record Finding(
    string Name,
    IReadOnlyList<string> Keys,
    [property: JsonPropertyName("wish")] string Expectation,
    FindingResult Result,
    IReadOnlyList<string> Evidence,
    IReadOnlyList<string> Shortfalls,
    IReadOnlyList<string> Notes)
{
    /// <summary>The known ways around it that were tried, in the order of their table; none in a report of version 1, or where nobody was inside.</summary>
    // What is missing in a document of version 1 comes as null, whatever the initial value is (https://github.com/dotnet/runtime/issues/84484).
    [AllowNull]
    public IReadOnlyList<AttackReport> Attacks { get => field ?? []; init; }
}

/// <summary>How what was found compares with what was asked for, from good to bad.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FindingResult>))]
public enum FindingResult
{
    /// <summary>As asked for.</summary>
    [JsonStringEnumMemberName("holds")]
    Holds,

    /// <summary>By other means, or with a difference that a note tells of.</summary>
    [JsonStringEnumMemberName("holds differently")]
    HoldsDifferently,

    /// <summary>Less than was asked for, or it could not be seen.</summary>
    [JsonStringEnumMemberName("falls short")]
    FallsShort,
}
