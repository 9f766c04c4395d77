using System.Text.Json.Serialization;

namespace Podspawn.Oci.Verification.Reports;

/// <summary>The result of one way around a finding, tried from inside by a separate process.</summary>
/// <param name="Name">Its name, one of those of the finding: <c>user_namespace</c>.</param>
/// <param name="On">What it was tried on: a path, a user; null where there is no choice.</param>
/// <param name="Result">The result.</param>
/// <param name="Detail">What was tried, and what stopped it or how far it went, for a reader.</param>
public sealed record AttackReport(string Name, string? On, AttackResult Result, string Detail);

/// <summary>The results of an attack, from good to bad.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AttackResult>))]
public enum AttackResult
{
    /// <summary>It was stopped.</summary>
    [JsonStringEnumMemberName("refused")]
    Refused,

    /// <summary>There was nothing to try it on.</summary>
    [JsonStringEnumMemberName("untried")]
    Untried,

    /// <summary>It works, and the config itself permits it.</summary>
    [JsonStringEnumMemberName("granted")]
    Granted,

    /// <summary>It works, and lies outside of what the option promises.</summary>
    [JsonStringEnumMemberName("told")]
    Told,

    /// <summary>It was stopped in another way or later than asked for; the detail has the figure that was reached.</summary>
    [JsonStringEnumMemberName("differs")]
    Differs,

    /// <summary>It works: the finding falls short.</summary>
    [JsonStringEnumMemberName("works")]
    Works,
}
