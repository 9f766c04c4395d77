using System.Globalization;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Text;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Launching.Planning;

/// <summary>Reads docker's <c>-p [[ADDRESS:][HOST]:]CONTAINER[/PROTOCOL]</c>; HOST and CONTAINER are ports, or ranges of equal length.</summary>
internal static class PortText
{
    private static readonly string[] Protocols = ["tcp", "udp", "sctp"];

    /// <summary>Reads one text.</summary>
    /// <exception cref="ContainerException">It is none.</exception>
    internal static IEnumerable<PublishedPort> Read(string text)
    {
        string[] parts = text.Split('/');
        string protocol = parts.Length > 1 ? parts[1].ToLowerInvariant() : Protocols[0];
        if (parts.Length > 2 || !Protocols.Contains(protocol))
            throw Bad(text, $"names a protocol that is none of {string.Join(", ", Protocols)}");
        (string? address, string host, string container) = Split(parts[0], text);
        (int first, int range) = Range(container, text);
        if (host.Length == 0)
            return Enumerable.Range(first, range).Select(port => new PublishedPort(address, 0, port, protocol));
        (int hostFirst, int hostRange) = host == "0" && range == 1 ? (0, 1) : Range(host, text);
        return hostRange == range
            ? [new PublishedPort(address, hostFirst, first, protocol, range)]
            : throw Bad(text, string.Create(CultureInfo.InvariantCulture, $"has {hostRange} ports of the host for {range} of the container"));
    }

    /// <summary>Reads a port that an image exposes, <c>PORT[/PROTOCOL]</c>, for a free port of the host; none where it is no such.</summary>
    internal static IEnumerable<PublishedPort> ReadExposed(string text)
    {
        string[] parts = text.Split('/');
        string protocol = parts.Length > 1 ? parts[1] : Protocols[0];
        return parts.Length <= 2 && Protocols.Contains(protocol) && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            && port is > 0 and <= ushort.MaxValue
                ? [new PublishedPort(null, 0, port, protocol)]
                : [];
    }

    private static (string? Address, string Host, string Container) Split(string text, string whole)
    {
        string? address = null;
        if (text.StartsWith('['))
        {
            int end = text.IndexOf("]:", StringComparison.Ordinal);
            if (end < 0)
                throw Bad(whole, "has no ']:' after an address of IPv6");
            (address, text) = (text[1..end], text[(end + 2)..]);
        }
        string[] parts = text.Split(':');
        if (address is null && parts.Length == 3)
            (address, parts) = (parts[0], parts[1..]);
        if (parts.Length > 2 || (address is not null && parts.Length != 2))
            throw Bad(whole, "has too many or too few parts");
        return (address is null ? null : Address(address, whole), parts.Length == 2 ? parts[0] : "", parts[^1]);
    }

    // An empty address is any, as in docker.
    private static string? Address(string text, string whole) => text.Length == 0 ? null
        : AddressText.Parse(text)?.ToString() ?? throw Bad(whole, $"names {Printable.Quote(text)}, which is no address of the host");

    private static (int First, int Range) Range(string text, string whole)
    {
        string[] ends = text.Split('-');
        if (ends.Length > 2)
            throw Bad(whole, "has more than two ends of a range");
        int first = Port(ends[0], whole), last = Port(ends[^1], whole);
        return last >= first ? (first, last - first + 1) : throw Bad(whole, "has a range that ends before it begins");
    }

    private static int Port(string text, string whole) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and <= ushort.MaxValue
        ? port
        : throw Bad(whole, $"names {Printable.Quote(text)}, which is no port from 1 to 65535");

    private static ContainerException Bad(string text, string what) =>
        new($"{Setting.Publish}: {Printable.Quote(text)} {what}; write [[ADDRESS:][HOST]:]CONTAINER[/PROTOCOL], such as 127.0.0.1:8080:80/tcp");
}
