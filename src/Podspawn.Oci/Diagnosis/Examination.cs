using System.Text.Json.Serialization;

namespace Podspawn.Oci.Diagnosis;

/// <summary>One thing that a launch needs or can use, and whether this host has it.</summary>
/// <param name="Subject">What was looked at (<c>runc</c>, <c>cgroup layout</c>).</param>
/// <param name="Health">Whether it is in order.</param>
/// <param name="Found">What was found.</param>
/// <param name="Hint">What to do about a lack; "" where there is none.</param>
public sealed record Examination(string Subject, Health Health, string Found, [property: JsonPropertyName("mend")] string Hint = "");

/// <summary>How a host stands in one respect.</summary>
public enum Health
{
    /// <summary>In order.</summary>
    Good,

    /// <summary>Something that is worth knowing; nothing is missing.</summary>
    Noted,

    /// <summary>Something that not every launch needs is missing.</summary>
    Limited,

    /// <summary>A published fault that no check of ours closes.</summary>
    Exposed,

    /// <summary>Nothing can be launched until it is mended.</summary>
    Broken,
}
