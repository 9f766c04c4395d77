using Podspawn.Oci.Configuration;
using Podspawn.Oci.Spec;

namespace Podspawn.Oci.Translation;

/// <summary>The OCI runtime spec of a launch, and what became of each field of the config.</summary>
/// <param name="Spec">The config.json.</param>
/// <param name="Fields">One for each field of the config, in the config reference's order.</param>
/// <param name="Notes">Every remark that the user must see.</param>
public sealed record TranslationResult(RuntimeSpec Spec, IReadOnlyList<FieldOutcome> Fields, IReadOnlyList<Note> Notes);

/// <summary>What became of one field.</summary>
/// <param name="Key">The dotted key (<c>security.pids_limit</c>).</param>
/// <param name="Value">The value in effect, as a person would write it.</param>
/// <param name="SpecPaths">Where it stands in config.json, as JSON pointers (RFC 6901).</param>
/// <param name="Enforcement">Whether it is enforced as written.</param>
/// <param name="EnforcedBy">Who enforces it.</param>
public sealed record FieldOutcome(
    string Key, string Value, IReadOnlyList<string> SpecPaths, Enforcement Enforcement, Enforcer EnforcedBy);

/// <summary>How a field is enforced.</summary>
public enum Enforcement
{
    /// <summary>As written.</summary>
    Enforced,

    /// <summary>By other means or with a difference that a note tells of.</summary>
    Differently,

    /// <summary>Not at all; the user let it pass by <c>--allow-unenforced</c>.</summary>
    Unenforced,
}

/// <summary>Who enforces a field.</summary>
public enum Enforcer
{
    /// <summary>The host's kernel.</summary>
    Kernel,

    /// <summary>The OCI runtime, when it sets the container up.</summary>
    Runtime,

    /// <summary>gVisor's user-space kernel.</summary>
    Sentry,

    /// <summary>Nobody.</summary>
    Nobody,
}

/// <summary>A remark on a translation.</summary>
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

    /// <summary>The wish itself is weak or risky; always shown.</summary>
    Warning,
}
