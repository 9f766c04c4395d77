using System.Globalization;
using Podspawn.Oci.Verification.Expectations;

namespace Podspawn.Oci.Verification.Attacks;

/// <summary>Ways to what a container's networks could lead to, and its policy does not allow.</summary>
internal static class EgressAttacks
{
    private const string Finding = "egress";
    private const string Link = "%eth0";

    public static IReadOnlyList<Attack> Rows { get; } =
    [
        Row("neighbour", "another container, by its address", ways => At(ways.Neighbour, ways.ClosedPort)),
        Row("neighbour_by_name", "another port of a name that is allowed", ways => At(ways.NeighbourName, ways.ClosedPort)),
        Row("datagram", "another container, by UDP", ways => At(ways.Neighbour, ways.ClosedPort)),
        Row("ping", "another container, by ICMP", ways => [ways.Neighbour]),
        Row("other_server", "another server of names", ways => At(ways.Neighbour, EgressWays.ServerPort)),
        Row("other_name", "a name that is not allowed", ways => [ways.OtherName]),
        Row("other_name_by_stream", "a name that is not allowed, by TCP", ways => [ways.OtherName]),
        Row("gateway", "another port of the gateway", ways => At(ways.Gateway, ways.GatewayPort)),
        Row("host_loopback", "the host's loopback device", ways => At("127.0.0.1", ways.LoopbackPort)),
        Row("metadata", "where clouds tell machines their secrets", _ => [.. EgressWays.Metadata.SelectMany(address => At(address, EgressWays.MetadataPort))]),
        Row("other_network", "the host on another network", ways => [.. ways.OtherGateways.SelectMany(other => At(other.Address, other.Port))]),
        Row("link_local", "another container, by the address of its link", ways => ways.LinkLocal is { } address ? At(address + Link, ways.ClosedPort) : []),
    ];

    private static Attack Row(string name, string about, Func<EgressWays, IReadOnlyList<string>> arguments) => new(Finding, name, about, Judge)
    {
        Arguments = ground => ground.Ways is not { } ways ? [new AttackArgument(Attack.NoArgument, Untried: WhyNot(ground.Expectation))]
            : arguments(ways) is { Count: > 0 } found ? [.. found.Select(argument => new AttackArgument(argument))]
            : [new AttackArgument(Attack.NoArgument, Untried: "there is none")],
        On = _ => null,
    };

    private static string WhyNot(Expectation expectation) => expectation switch
    {
        { IsConnected: false } => "it is on no network",
        { Egress: null } => "it may reach everything",
        _ => "the host could not lay it out",
    };

    private static Verdict? Judge(AttackTry tried) => Verdict.Works(tried.Detail);

    private static string[] At(string host, int port) => [string.Create(CultureInfo.InvariantCulture, $"{host} {port}")];
}
