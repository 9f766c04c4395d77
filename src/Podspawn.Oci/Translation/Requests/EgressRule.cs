using System.Globalization;
using System.Net;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Translation.Requests;

/// <summary>
/// One thing that a container may reach: <c>NAME</c>, <c>*.NAME</c>, an address or a block of addresses, with <c>:PORT</c> or <c>:FIRST-LAST</c> behind it
/// (an address of IPv6 in brackets then), and <c>/tcp</c>, <c>/udp</c> or <c>/icmp</c>.
/// </summary>
public sealed record EgressRule
{
    /// <summary>The protocols that a rule may name.</summary>
    internal static readonly string[] Protocols = ["tcp", "udp", Icmp];

    /// <summary>Pings and their answers, which have no ports.</summary>
    internal const string Icmp = "icmp";

    /// <summary>How a rule may look, for messages.</summary>
    internal const string Examples = "write one such as example.org:443, *.debian.org:443, 10.0.0.0/8:5432 or [2001:db8::]/32:53/udp";

    private const string Below = "*.";
    private const string OfNetworks = ".dns.podman";

    /// <summary>The rule as it was written.</summary>
    public required string Text { get; init; }

    /// <summary>The name, in small letters, with <c>*.</c> before it where every name below is meant, and not it itself; null where it names addresses.</summary>
    public string? Pattern { get; init; }

    /// <summary>The addresses; null where it has a name.</summary>
    public IPNetwork? Block { get; init; }

    /// <summary>The first port; 0 for every one.</summary>
    public int FirstPort { get; init; }

    /// <summary>The last port; 0 for every one.</summary>
    public int LastPort { get; init; }

    /// <summary><c>tcp</c>, <c>udp</c> or <c>icmp</c>; null for every one, or for both that have ports where it has ports.</summary>
    public string? Protocol { get; init; }

    /// <summary>Whether every name below another one is meant.</summary>
    internal static bool IsBelow(string pattern) => pattern.StartsWith(Below, StringComparison.Ordinal);

    /// <summary>A pattern without the asterisk.</summary>
    internal static string DomainOf(string pattern) => IsBelow(pattern) ? pattern[Below.Length..] : pattern;

    /// <summary>Whether whatever fits the other pattern fits this one.</summary>
    internal static bool Covers(string pattern, string other) => pattern == other || (IsBelow(pattern) && DomainOf(other) is var domain
        && (domain.EndsWith(pattern[1..], StringComparison.Ordinal) || (IsBelow(other) && domain == DomainOf(pattern))));

    /// <summary>Whether a name is one of a network's own: that of another container.</summary>
    internal static bool IsOfNetwork(string pattern) => !pattern.Contains('.', StringComparison.Ordinal) || pattern.EndsWith(OfNetworks, StringComparison.Ordinal);

    /// <summary>Every form in which a network's own name is asked for.</summary>
    internal static string[] FormsOf(string pattern) => pattern.Contains('.', StringComparison.Ordinal) ? [pattern] : [pattern, $"{pattern}{OfNetworks}"];

    /// <summary>Reads a rule; null where the text is none, which <paramref name="why"/> explains.</summary>
    internal static EgressRule? Read(string text, out string why)
    {
        string rest = text, quoted = Printable.Quote(text);
        string? protocol = null;
        int slash = text.LastIndexOf('/');
        if (slash >= 0 && slash < text.Length - 1 && char.IsAsciiLetter(text[slash + 1]))
        {
            protocol = text[(slash + 1)..];
            rest = text[..slash];
            if (!Protocols.Contains(protocol))
                return None(out why, $"{quoted} names no protocol that can be told apart: it is {string.Join(", ", Protocols)}, or none for every one");
        }
        if (Cut(rest) is not var (host, ports))
            return None(out why, $"{quoted} has a bracket too many or too few");
        if (ReadPorts(ports) is not var (first, last))
            return None(out why, $"{quoted} names no port: one is 1 to 65535, several are FIRST-LAST");
        if (protocol == Icmp && first != 0)
            return None(out why, $"{quoted} names a port of {Icmp}, which has none");
        why = "";
        var rule = new EgressRule { Text = text, FirstPort = first, LastPort = last, Protocol = protocol };
        if (host.Contains('/', StringComparison.Ordinal) || AddressText.Parse(host) is not null)
        {
            return ReadBlock(host) is { } block
                ? rule with { Block = block }
                : None(out why, $"{quoted} names no block of addresses: one is ADDRESS/BITS, with nothing but zeros behind the bits");
        }
        string pattern = host.ToLowerInvariant();
        return IsPattern(pattern) ? rule with { Pattern = pattern } : None(out why, $"{quoted} names neither a host nor addresses");
    }

    private static EgressRule? None(out string why, string reason)
    {
        why = reason;
        return null;
    }

    // [ADDRESS]/BITS:PORTS, HOST:PORTS, or an address of IPv6 without ports.
    private static (string Host, string Ports)? Cut(string text)
    {
        if (text.StartsWith('['))
        {
            int end = text.IndexOf(']', StringComparison.Ordinal);
            if (end < 0)
                return null;
            string behind = text[(end + 1)..];
            int colon = behind.IndexOf(':', StringComparison.Ordinal);
            string bits = colon < 0 ? behind : behind[..colon];
            return AddressText.Parse(text[1..end].Split('/')[0]) is null || (bits.Length > 0 && bits[0] != '/') ? null
                : ($"{text[1..end]}{bits}", colon < 0 ? "" : behind[colon..]);
        }
        int last = text.LastIndexOf(':');
        return last < 0 || text.IndexOf(':', StringComparison.Ordinal) != last ? (text, "") : (text[..last], text[last..]);
    }

    private static (int First, int Last)? ReadPorts(string text)
    {
        if (text.Length == 0)
            return (0, 0);
        string[] parts = text[1..].Split('-', 2);
        return Port(parts[0]) is { } first && Port(parts[^1]) is { } last && first <= last ? (first, last) : null;
    }

    private static int? Port(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and <= ushort.MaxValue && text[0] != '0' ? port : null;

    private static IPNetwork? ReadBlock(string text)
    {
        string[] parts = text.Split('/');
        if (parts.Length > 2 || AddressText.Parse(parts[0]) is not { } address)
            return null;
        int most = address.GetAddressBytes().Length * 8, bits = most;
        if (parts.Length == 2 && (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out bits) || bits > most))
            return null;
        return IPNetwork.TryParse(string.Create(CultureInfo.InvariantCulture, $"{address}/{bits}"), out IPNetwork block) && block.BaseAddress.Equals(address)
            ? block
            : null;
    }

    // RFC 1123, and the underscore that some use. A last part of digits is an address that is mistyped.
    private static bool IsPattern(string pattern)
    {
        const int LongestName = 253, LongestLabel = 63;
        string name = DomainOf(pattern);
        string[] labels = name.Split('.');
        return name.Length is > 0 and <= LongestName && !labels[^1].All(char.IsAsciiDigit)
            && labels.All(label => label.Length is > 0 and <= LongestLabel && label[0] != '-' && label[^1] != '-'
                && label.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_'));
    }
}
