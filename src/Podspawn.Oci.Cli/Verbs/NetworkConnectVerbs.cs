using System.CommandLine;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Lifecycle.Networks;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>network connect</c> and <c>network disconnect</c>.</summary>
internal static class NetworkConnectVerbs
{
    internal static Command CreateConnect()
    {
        Option<string[]> alias = Flag.List("--alias", "NAME", "Another name that the container has there");
        Option<string?> ip = Flag.Text("--ip", "ADDRESS", "Its address there (default: a free one)");
        Option<string?> ip6 = Flag.Text("--ip6", "ADDRESS", "Its IPv6 address there (default: a free one)");
        Option<string?> mac = Flag.Text("--mac-address", "ADDRESS", "Its hardware address there (default: a random one)");
        Argument<string> network = Network();
        Argument<string> container = Container();
        var verb = new Command("connect", """
            Put a container on one more network, whether it runs or not. One under runsc has to be stopped for it.

            Examples:
              podspawn-oci network connect --alias db data postgres
            """)
        {
            alias, ip, ip6, mac, network, container,
        };
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            ContainerRegistry registry = EachContainer.Registry();
            new NetworkConnector(registry).Connect(registry.Find(parsed.GetValue(container)!), new NetworkOptions
            {
                Networks = [parsed.GetValue(network)!],
                Aliases = parsed.GetValue(alias) ?? [],
                Address4 = parsed.GetValue(ip),
                Address6 = parsed.GetValue(ip6),
                MacAddress = parsed.GetValue(mac),
            });
            return 0;
        }));
        return verb;
    }

    internal static Command CreateDisconnect()
    {
        var force = new Option<bool>("--force", "-f") { Description = "Taken for docker's sake: a container that hangs is taken off all the same", Arity = ArgumentArity.Zero };
        Argument<string> network = Network();
        Argument<string> container = Container();
        var verb = new Command("disconnect", """
            Take a container off a network, whether it runs or not. One under runsc has to be stopped for it.

            Examples:
              podspawn-oci network disconnect data postgres
            """)
        {
            force, network, container,
        };
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            ContainerRegistry registry = EachContainer.Registry();
            new NetworkConnector(registry).Disconnect(registry.Find(parsed.GetValue(container)!), parsed.GetValue(network)!);
            return 0;
        }));
        return verb;
    }

    private static Argument<string> Network() => new("NETWORK") { Description = "A network's name, or the beginning of its id" };

    private static Argument<string> Container() => new("CONTAINER") { Description = "A container's name, or the beginning of its id" };
}
