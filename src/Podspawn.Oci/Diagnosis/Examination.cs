using System.Text.Json.Serialization;

namespace Podspawn.Oci.Diagnosis;

/// <summary>The result of examining one thing that a launch needs or can use.</summary>
/// <param name="Subject">What was examined (<c>runc</c>, <c>cgroup layout</c>).</param>
/// <param name="Health">Whether it is in order.</param>
/// <param name="Found">What was found.</param>
/// <param name="Hint">How to fix a lack; "" where there is none.</param>
public sealed record Examination(string Subject, Health Health, string Found, [property: JsonPropertyName("mend")] string Hint = "");

/// <summary>The state of a host in one respect.</summary>
public enum Health
{
    /// <summary>In order.</summary>
    Good,

    /// <summary>Something worth knowing; nothing is missing.</summary>
    Noted,

    /// <summary>Something that not every launch needs is missing.</summary>
    Limited,

    /// <summary>A published fault that none of our checks closes.</summary>
    Exposed,

    /// <summary>Nothing can be launched until it is fixed.</summary>
    Broken,
}
