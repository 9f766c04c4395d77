using System.Text.Json.Serialization;

namespace Podspawn.Oci.Verification.Reports;

/// <summary>The result of a verification. <c>verify --format json</c> prints it; <c>schema verify</c> prints its JSON Schema.</summary>
public sealed record VerificationReport
{
    /// <summary>The version of the format that we write.</summary>
    public const int CurrentVersion = 2;

    /// <summary>The version of the format.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>The container's id.</summary>
    public required string Container { get; init; }

    /// <summary>The runtime: <c>runc</c>, <c>crun</c>, <c>runsc</c>.</summary>
    public required string Runtime { get; init; }

    /// <summary>The runtime's version.</summary>
    public required string RuntimeVersion { get; init; }

    /// <summary>The runtime's program.</summary>
    public required string RuntimePath { get; init; }

    /// <summary>Where the container was observed from.</summary>
    public required Vantage Looked { get; init; }

    /// <summary>The worst of the findings.</summary>
    public FindingResult Result => Findings.Count == 0 ? FindingResult.Holds : Findings.Max(finding => finding.Result);

    /// <summary>One finding for each thing that was asked for.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }
}

/// <summary>Where a container was observed from.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Vantage>))]
public enum Vantage
{
    /// <summary>By a probe inside a container launched for it, and from the host.</summary>
    [JsonStringEnumMemberName("probe")]
    Probe,

    /// <summary>From the host alone, without touching the running container.</summary>
    [JsonStringEnumMemberName("outside")]
    Outside,
}
