using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Translation;

/// <summary>The OCI runtime spec of a launch, and the outcome of each field of the config.</summary>
/// <param name="Spec">The config.json.</param>
/// <param name="Fields">One outcome for each field of the config, in the order of the config reference.</param>
/// <param name="Notes">Every note that the user must see.</param>
public sealed record TranslationResult(RuntimeSpec Spec, IReadOnlyList<FieldOutcome> Fields, IReadOnlyList<Note> Notes);

/// <summary>The outcome of one field.</summary>
/// <param name="Key">The dotted key (<c>security.pids_limit</c>).</param>
/// <param name="Value">The value in effect, as a reader would write it.</param>
/// <param name="SpecPaths">Where it is in config.json, as JSON pointers (RFC 6901).</param>
/// <param name="Enforcement">Whether it is enforced as written.</param>
/// <param name="EnforcedBy">What enforces it.</param>
public sealed record FieldOutcome(
    string Key, string Value, IReadOnlyList<string> SpecPaths, Enforcement Enforcement, Enforcer EnforcedBy);

/// <summary>What enforces a field.</summary>
public enum Enforcer
{
    /// <summary>The host's kernel.</summary>
    Kernel,

    /// <summary>The OCI runtime, when it creates the container.</summary>
    Runtime,

    /// <summary>gVisor's user-space kernel.</summary>
    Sentry,

    /// <summary>Nothing enforces it.</summary>
    Nobody,
}
