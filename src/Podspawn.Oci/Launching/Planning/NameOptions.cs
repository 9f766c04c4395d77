using Podspawn.Oci.Errors;
using Podspawn.Oci.Text;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Launching.Planning;

/// <summary>Reads docker's <c>--add-host NAME:ADDRESS</c>, <c>--dns</c>, <c>--dns-search</c> and <c>--dns-option</c>: what they name becomes lines of files.</summary>
public sealed record NameOptions
{
    private const string Gateway = "host-gateway", NoSearch = ".";

    /// <summary><c>NAME:ADDRESS</c>, in order.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Addresses of name servers, in order.</summary>
    public IReadOnlyList<string> Servers { get; init; } = [];

    /// <summary>Domains to search, in order.</summary>
    public IReadOnlyList<string> Search { get; init; } = [];

    /// <summary>Options of the resolver, in order.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Reads the texts.</summary>
    /// <exception cref="ContainerException">A text is not what it should be.</exception>
    internal NameResolution Read()
    {
        if (Hosts.Count + Servers.Count + Search.Count + Options.Count == 0)
            return NameResolution.Usual;
        return new NameResolution
        {
            Hosts = [.. Hosts.Select(HostLine)],
            Servers = [.. Servers.Select(text => Address(text) ?? throw Bad(Setting.Dns, text, "is no address of a name server", "write one such as 192.0.2.53"))],
            Search = [.. Search.Select(text => text == NoSearch || IsName(text)
                ? text
                : throw Bad(Setting.DnsSearch, text, "is no domain", "write one such as example.org, or . for none"))],
            Options = [.. Options.Select(text => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or ':' or '_')
                ? text
                : throw Bad(Setting.DnsOption, text, "is no option of a resolver", "write one such as ndots:2"))],
        };
    }

    private static string HostLine(string text)
    {
        int cut = text.IndexOf(':');
        string name = cut < 0 ? text : text[..cut], address = cut < 0 ? "" : text[(cut + 1)..];
        if (address == Gateway)
            throw Bad(Setting.AddHost, text, "asks for a gateway to the host, which no network here has", "write an address");
        return IsName(name) && Address(address.Trim('[', ']')) is { } known ? $"{known}\t{name}" : throw Bad(Setting.AddHost, text, "is no host", "write NAME:ADDRESS");
    }

    private static string? Address(string text) => AddressText.Parse(text)?.ToString();

    internal static bool IsName(string text) => text.Length is > 0 and <= 255 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_') && text[0] is not '-';

    private static ContainerException Bad(Setting setting, string text, string what, string hint) => new($"{setting}: {Printable.Quote(text)} {what}; {hint}");
}
