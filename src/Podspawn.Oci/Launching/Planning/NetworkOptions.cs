using System.Net;
using System.Net.Sockets;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Networks;
using Podspawn.Oci.Networks.Records;
using Podspawn.Oci.State;
using Podspawn.Oci.Text;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Launching.Planning;

/// <summary>What a launch says of networks, as typed.</summary>
public sealed record NetworkOptions
{
    private static readonly string[] Foreign = ["bridge", "default", "private", "slirp4netns", "pasta"];

    private const string OfContainer = "container:", AtPath = "ns:";

    /// <summary>
    /// <c>--network</c>, or the config's: <c>none</c>, <c>host</c>, <c>container:NAME</c>, <c>ns:PATH</c>, or names of networks, each with
    /// <c>:alias=A,ip=I,mac=M</c> behind it.
    /// </summary>
    public IReadOnlyList<string> Networks { get; init; } = [];

    /// <summary><c>--network-alias</c>.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary><c>--ip</c>; null for a free one.</summary>
    public string? Address4 { get; init; }

    /// <summary><c>--ip6</c>; null for a free one.</summary>
    public string? Address6 { get; init; }

    private bool HasAddress => Address4 is not null || Address6 is not null;

    /// <summary><c>--mac-address</c>.</summary>
    public string? MacAddress { get; init; }

    /// <summary><c>-p</c>.</summary>
    public IReadOnlyList<string> Ports { get; init; } = [];

    /// <summary><c>-P</c>: every port that the image exposes, at a free one of the host.</summary>
    public bool PublishesAll { get; init; }

    /// <summary>The mode, without a look at what there is.</summary>
    public NetworkMode Mode => Networks switch
    {
        [] or ["none"] => NetworkMode.None,
        ["host"] => NetworkMode.Host,
        [var one] when one.StartsWith(OfContainer, StringComparison.Ordinal) => NetworkMode.Container,
        [var one] when one.StartsWith(AtPath, StringComparison.Ordinal) => NetworkMode.Path,
        _ => NetworkMode.Bridge,
    };

    /// <summary>Finds the networks, and reads the ports.</summary>
    /// <param name="request">What is launched.</param>
    /// <param name="layout">Where the networks are.</param>
    /// <param name="exposed">The ports that the image exposes, each <c>PORT[/PROTOCOL]</c>.</param>
    /// <exception cref="ContainerException">There is no such network, or a text is not what it should be.</exception>
    internal LaunchRequest AddTo(LaunchRequest request, StateLayout layout, IEnumerable<string> exposed)
    {
        if (Mode != NetworkMode.Bridge)
        {
            RequireNothing();
            request = request with { Network = Mode };
            return Mode switch
            {
                NetworkMode.Container => request with
                {
                    Namespaces = request.Namespaces with { NetworkOf = NamespaceOptions.OfNetwork(Networks[0][OfContainer.Length..], layout) },
                },
                NetworkMode.Path => request with { NetworkPath = ForeignNetwork.Require(Networks[0][AtPath.Length..]) },
                _ => request,
            };
        }
        var store = new NetworkStore(layout);
        List<(Network Network, NetworkAttachment Attachment)> found = [.. Networks.SelectMany(Split).Select(text => Read(text, store))];
        if (found.GroupBy(network => network.Network.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new ContainerException($"{Setting.Network}: '{twice.Key}' is named twice; name it once");
        if (found.Count > 1 && HasAddress)
            throw new ContainerException($"{Setting.Ip}: it is not clear of which network; write it behind a name: {Setting.Network} NAME:ip=ADDRESS");
        if (found.Count > 1 && MacAddress is not null)
            throw new ContainerException($"{Setting.MacAddress}: it is not clear in which network; write it behind a name: {Setting.Network} NAME:mac=ADDRESS");
        foreach ((Network network, NetworkAttachment attachment) in found)
            Check(network, attachment);
        List<PublishedPort> ports = [.. Ports.SelectMany(PortText.Read)];
        foreach (PublishedPort port in PublishesAll ? exposed.SelectMany(PortText.ReadExposed) : [])
        {
            if (!ports.Any(other => other.Serves(port)))
                ports.Add(port);
        }
        if (ports.Count > 0 && found.All(network => network.Network.IsInternal))
            throw new ContainerException($"{Setting.Publish}: nothing leads into an internal network; leave it away, or name another network too");
        foreach (PublishedPort port in ports)
            Check(port, [.. found.SelectMany(network => network.Network.Subnets)]);
        return request with { Network = NetworkMode.Bridge, Attachments = [.. found.Select(network => network.Attachment)], Ports = ports };
    }

    /// <summary>Finds the one network that is named.</summary>
    /// <exception cref="ContainerException">There is no such network, or a text is not what it should be.</exception>
    internal NetworkAttachment ReadOne(StateLayout layout)
    {
        (Network network, NetworkAttachment attachment) = Read(Networks[0], new NetworkStore(layout));
        Check(network, attachment);
        return attachment;
    }

    private void RequireNothing()
    {
        (Setting Setting, bool Given)[] needs =
        [
            (Setting.NetworkAlias, Aliases.Count > 0), (Setting.Ip, HasAddress), (Setting.MacAddress, MacAddress is not null),
            (Setting.Publish, Ports.Count > 0 || PublishesAll),
        ];
        if (needs.FirstOrDefault(need => need.Given).Setting is { } setting)
        {
            throw new ContainerException(Mode switch
            {
                NetworkMode.Host => $"{setting}: with the host's network the container has the host's addresses and ports themselves; leave it away",
                NetworkMode.None => $"{setting}: the container has no network; name one with {Setting.Network}, after {Operation.CreateNetwork} NAME",
                _ => $"{setting}: the network that the container joins has its addresses and ports already; leave it away",
            });
        }
    }

    // Behind a colon the commas part the options.
    private static string[] Split(string text) => text.Contains(':', StringComparison.Ordinal) ? [text] : text.Split(',');

    private (Network Network, NetworkAttachment Attachment) Read(string text, NetworkStore store)
    {
        string[] parts = text.Split(':', 2);
        if (parts[0] is "none" or "host" or "container" or "ns")
            throw new ContainerException($"{Setting.Network}: '{parts[0]}' stands by itself, with no option and no other network; leave the others away");
        if (Foreign.Contains(parts[0]))
            throw new ContainerException($"{Setting.Network}: '{Printable.Clean(text)}' is not to be had; use none, host, or a network: {Operation.CreateNetwork} NAME");
        Network network = store.Find(parts[0]);
        var aliases = new List<string>(Aliases);
        List<string> addresses = [.. Own(Setting.Ip, Address4, AddressFamily.InterNetwork), .. Own(Setting.Ip6, Address6, AddressFamily.InterNetworkV6)];
        string? mac = MacAddress;
        foreach (string option in parts.Length > 1 ? parts[1].Split(',') : [])
        {
            string[] pair = option.Split('=', 2);
            switch (pair)
            {
                case ["alias", var alias]:
                    aliases.Add(alias);
                    break;
                case ["ip" or "ip6", var address]:
                    addresses.Add(Address(address));
                    break;
                case ["mac", var address]:
                    mac = address;
                    break;
                default:
                    throw new ContainerException($"{Setting.Network}: {Printable.Quote(option)} is no option of a network; use alias=NAME, ip=ADDRESS, mac=ADDRESS");
            }
        }
        return (network, new NetworkAttachment(network.Name) { Aliases = [.. aliases.Distinct()], Addresses = addresses, MacAddress = Mac(mac) });
    }

    // netavark would pass over a port whose address is not of the network's family, without a word.
    private static void Check(PublishedPort port, IReadOnlyList<Subnet> subnets)
    {
        if (port.HostAddress is null)
            return;
        IPAddress address = IPAddress.Parse(port.HostAddress);
        bool isV6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        string family = isV6 ? "IPv6" : "IPv4";
        if (!subnets.Any(subnet => subnet.IsV6 == isV6))
            throw new ContainerException($"{Setting.Publish}: {address} is an address of {family}, and the network has none; leave it away, or use another network");
        if (port.IsAnyAddress && subnets.Any(subnet => subnet.IsV6 != isV6))
        {
            throw new ContainerException(
                $"{Setting.Publish}: every address of {family} alone is not to be had on a network that has both kinds; leave {address} away for every one");
        }
    }

    private static void Check(Network network, NetworkAttachment attachment)
    {
        if (attachment.Aliases.FirstOrDefault(alias => !NameOptions.IsName(alias) || alias.Split('.').Contains("") || IPAddress.TryParse(alias, out _)) is { } bad)
            throw new ContainerException($"{Setting.NetworkAlias}: {Printable.Quote(bad)} is no name of a host; use letters, digits, '-' and '.'");
        if (attachment.Aliases.Count > 0 && !network.HasNames)
            throw new ContainerException($"{Setting.NetworkAlias}: network '{network.Name}' has no names; leave it away, or use another network");
        IPAddress[] addresses = [.. attachment.Addresses.Select(IPAddress.Parse)];
        foreach (IPAddress address in addresses)
        {
            if (!network.Subnets.Any(subnet => subnet.Offers(address)))
                throw new ContainerException($"{Setting.Ip}: {address} is no address for a container of network '{network.Name}', which has {string.Join(", ", network.Subnets)}");
        }
        if (addresses.GroupBy(address => address.AddressFamily).Any(family => family.Count() > 1))
            throw new ContainerException($"{Setting.Ip}: two addresses of the same kind on network '{network.Name}'; name one");
    }

    private static string Address(string text) => AddressText.Parse(text)?.ToString()
        ?? throw new ContainerException($"{Setting.Ip}: {Printable.Quote(text)} is no address; write one such as 10.89.0.5");

    private static IEnumerable<string> Own(Setting setting, string? text, AddressFamily family)
    {
        if (text is null)
            return [];
        string example = family == AddressFamily.InterNetwork ? "10.89.0.5" : "fd00::5";
        return AddressText.Parse(text) is { } address && address.AddressFamily == family
            ? [address.ToString()]
            : throw new ContainerException($"{setting}: {Printable.Quote(text)} is no address of its kind; write one such as {example}");
    }

    private static string? Mac(string? text) => text is null ? null
        : IsHardwareAddress(text.Split(':'))
            ? text.ToLowerInvariant()
            : throw new ContainerException($"{Setting.MacAddress}: {Printable.Quote(text)} is no hardware address of one interface; write six bytes such as 92:d0:c6:0a:29:33");

    // The lowest bit of the first byte would make it an address of a group (IEEE 802).
    private static bool IsHardwareAddress(string[] bytes) => bytes.Length == 6 && bytes.All(part => part.Length == 2 && part.All(char.IsAsciiHexDigit))
        && (Convert.ToByte(bytes[0], 16) & 1) == 0 && bytes.Any(part => part != "00");
}
