namespace Podspawn.Oci.Translation.Requests;

/// <summary>A note on a translation.</summary>
/// <param name="Key">The dotted key that it is about.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Text">Lower case, no full stop.</param>
public sealed record Note(string Key, NoteSeverity Severity, string Text)
{
    /// <summary>
    /// Whether it tells only of the runtime's nature: the user has said nothing on the key, and loses no protection. Such a note is the same for every
    /// launch, and is told where one asks for it.
    /// </summary>
    public bool IsNature { get; init; }
}

/// <summary>How much a note matters.</summary>
public enum NoteSeverity
{
    /// <summary>Good to know; shown where one asks for it.</summary>
    Info,

    /// <summary>The runtime enforces the field in another way; shown unless it is the runtime's nature alone.</summary>
    Differently,

    /// <summary>What was asked for is itself weak or risky; always shown.</summary>
    Warning,
}
