namespace Podspawn.Oci.Errors;

/// <summary>One thing that is wrong with what the user asked for, and a hint to fix it.</summary>
/// <param name="Key">The dotted key (<c>security.cap_add[1]</c>, <c>security.tmpfs./tmp</c>), or "" where no key is concerned.</param>
/// <param name="What">What is wrong: lower case, no full stop.</param>
/// <param name="Hint">What to write instead: lower case, no full stop.</param>
/// <param name="Origin">Where the value comes from.</param>
public sealed record Problem(string Key, string What, string Hint, Origin Origin)
{
    /// <summary><c>config.yaml:3:5: security.cap_add[1]: unknown capability 'CHWON'; did you mean CHOWN?</c></summary>
    public override string ToString()
    {
        string place = Origin == Origin.Default ? "" : $"{Origin}: ";
        string key = Key.Length == 0 ? "" : $"{Key}: ";
        return Hint.Length == 0 ? $"{place}{key}{What}" : $"{place}{key}{What}; {Hint}";
    }
}
