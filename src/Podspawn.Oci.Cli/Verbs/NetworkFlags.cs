using System.CommandLine;
using Podspawn.Oci.Launching.Planning;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary>Docker's and podman's flags for a container's networks, and for the host's ports that lead to it.</summary>
internal sealed class NetworkFlags
{
    private readonly Option<string[]> network = Flag.List(
        "--network", "none|host|NAME[:OPTIONS]|container:NAME|ns:PATH",
        "None, the host's, networks of network create (:alias=NAME,ip=ADDRESS,mac=ADDRESS), another container's, or a namespace (default: the config's)", "--net");
    private readonly Option<string[]> alias = Flag.List("--network-alias", "NAME", "Another name that the container has on its networks");
    private readonly Option<string?> ip = Flag.Text("--ip", "ADDRESS", "Its address on its network (default: a free one)");
    private readonly Option<string?> ip6 = Flag.Text("--ip6", "ADDRESS", "Its IPv6 address on its network (default: a free one)");
    private readonly Option<string?> mac = Flag.Text("--mac-address", "ADDRESS", "Its hardware address on its network (default: a random one)");
    private readonly Option<string?> egress = Flag.Text("--egress", "deny|allow", "What becomes of a connection to what no rule allows (default: the config's)");
    private readonly Option<string[]> egressAllow = Flag.List(
        "--egress-allow", "RULE", "Let it reach this (example.org:443, *.debian.org, 10.0.0.0/8:5432/tcp), and nothing that no rule allows");
    private readonly Option<string[]> publish = Flag.List(
        "--publish", "[[ADDRESS:][HOST]:]PORT[/PROTOCOL]", "Have a port of the host lead to a port of the container; without HOST a free one; ranges as 8000-8010:80-90", "-p");
    private readonly Option<bool> publishAll =
        new("--publish-all", "-P") { Description = "Have a free port of the host lead to each port that the image exposes", Arity = ArgumentArity.Zero };

    internal void AddTo(Command verb)
    {
        foreach (Option option in new Option[] { network, alias, ip, ip6, mac, egress, egressAllow, publish, publishAll })
            verb.Options.Add(option);
    }

    /// <summary>What was named, for the config; null for nothing.</summary>
    internal string? Text(ParseResult parsed) => parsed.GetValue(network) is { Length: > 0 } names ? string.Join(' ', names) : null;

    /// <summary>What becomes of a connection that no rule allows, for the config; null where it is not said.</summary>
    internal string? Egress(ParseResult parsed) => parsed.GetValue(egress);

    /// <summary>What may be reached, for the config.</summary>
    internal IReadOnlyList<string> EgressAllow(ParseResult parsed) => parsed.GetValue(egressAllow) ?? [];

    internal NetworkOptions Read(ParseResult parsed) => new()
    {
        Networks = parsed.GetValue(network) ?? [],
        Aliases = parsed.GetValue(alias) ?? [],
        Address4 = parsed.GetValue(ip),
        Address6 = parsed.GetValue(ip6),
        MacAddress = parsed.GetValue(mac),
        Ports = parsed.GetValue(publish) ?? [],
        PublishesAll = parsed.GetValue(publishAll),
    };
}
