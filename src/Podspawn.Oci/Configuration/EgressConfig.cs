namespace Podspawn.Oci.Configuration;

/// <summary><c>security.egress</c>: what a container may reach by its networks.</summary>
public sealed record EgressConfig
{
    /// <summary>The word that refuses whatever no rule allows.</summary>
    public const string Deny = "deny";

    /// <summary>The word that lets everything pass.</summary>
    public const string Any = "allow";

    /// <summary><c>deny</c> or <c>allow</c>: what becomes of a connection that no rule allows.</summary>
    public string Default { get; init; } = Deny;

    /// <summary>What may be reached: <c>example.org</c>, <c>*.debian.org:443</c>, <c>10.0.0.0/8:5432/tcp</c>.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];

    /// <summary>Whether what no rule allows is refused.</summary>
    public bool Denies => Default != Any;
}
