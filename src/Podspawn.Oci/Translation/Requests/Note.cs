namespace Podspawn.Oci.Translation.Requests;

/// <summary>A note on a translation.</summary>
/// <param name="Key">The dotted key that it is about.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Text">Lower case, no full stop.</param>
public sealed record Note(string Key, NoteSeverity Severity, string Text);

/// <summary>How much a note matters.</summary>
public enum NoteSeverity
{
    /// <summary>Good to know; shown by <c>explain</c>, and by <c>run --verbose</c>.</summary>
    Info,

    /// <summary>The runtime enforces the field in another way; always shown.</summary>
    Differently,

    /// <summary>What was asked for is itself weak or risky; always shown.</summary>
    Warning,
}
