using System.Text.Json.Serialization;

namespace Podspawn.Oci.Verification.Reports;

/// <summary>What came of one way around a finding, tried from inside by a process of its own.</summary>
/// <param name="Name">Its name, one of those of the finding: <c>user_namespace</c>.</param>
/// <param name="On">What it was tried on: a path, a user; null where there is nothing to choose.</param>
/// <param name="Result">What came of it.</param>
/// <param name="Detail">What was tried, what stopped it or how far it went, as a person would say it.</param>
public sealed record AttackReport(string Name, string? On, AttackResult Result, string Detail);

/// <summary>What came of an attack, from good to bad.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AttackResult>))]
public enum AttackResult
{
    /// <summary>It was stopped.</summary>
    [JsonStringEnumMemberName("refused")]
    Refused,

    /// <summary>There was nothing to try it on.</summary>
    [JsonStringEnumMemberName("untried")]
    Untried,

    /// <summary>It goes through, and the config itself gives leave to it.</summary>
    [JsonStringEnumMemberName("granted")]
    Granted,

    /// <summary>It goes through, and lies outside of what the option promises.</summary>
    [JsonStringEnumMemberName("told")]
    Told,

    /// <summary>It was stopped otherwise or later than asked for; the detail has the figure that was reached.</summary>
    [JsonStringEnumMemberName("differs")]
    Differs,

    /// <summary>It goes through: the finding falls short.</summary>
    [JsonStringEnumMemberName("works")]
    Works,
}
