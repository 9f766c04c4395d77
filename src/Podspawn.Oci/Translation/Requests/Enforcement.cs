namespace Podspawn.Oci.Translation.Requests;

/// <summary>How a field is enforced.</summary>
public enum Enforcement
{
    /// <summary>As written.</summary>
    Enforced,

    /// <summary>By other means, or with a difference that a note describes.</summary>
    Differently,

    /// <summary>Not at all; the user waived it by <c>--allow-unenforced</c>.</summary>
    Unenforced,
}
