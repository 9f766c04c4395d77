namespace Podspawn.Oci.Translation.Requests;

/// <summary>What a container's /etc/hosts and /etc/resolv.conf hold beside the usual; each text is checked.</summary>
public sealed record NameResolution
{
    /// <summary>Nothing beside the usual.</summary>
    public static NameResolution Usual { get; } = new();

    /// <summary>Lines of /etc/hosts: address, tab, name.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Addresses of name servers, in place of the host's.</summary>
    public IReadOnlyList<string> Servers { get; init; } = [];

    /// <summary>Domains to search, in place of the host's; "." alone for none.</summary>
    public IReadOnlyList<string> Search { get; init; } = [];

    /// <summary>Options of the resolver (resolv.conf(5)), in place of the host's.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];
}
