using System.CommandLine;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Cli.Templates;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Lifecycle.Networks;
using Podspawn.Oci.Native;
using Podspawn.Oci.Networks;
using Podspawn.Oci.Networks.Records;
using Podspawn.Oci.State;
using Podspawn.Oci.Text;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>network</c>: the verbs for networks.</summary>
internal static class NetworkVerbs
{
    internal const string Name = "network";
    private const string Host = "host";

    internal static Command Create()
    {
        var verb = new Command(Name, "Make, list, look at and remove networks: bridges of the host, on which containers reach each other by name.");
        foreach (Command sub in new[]
        {
            CreateCreate(), CreateLs(), CreateInspect(), CreateExists(), NetworkConnectVerbs.CreateConnect(), NetworkConnectVerbs.CreateDisconnect(), CreateRm(), CreatePrune(),
        })
            verb.Subcommands.Add(sub);
        return verb;
    }

    /// <summary>The networks of this user.</summary>
    internal static NetworkStore Store() => new(StateLayout.Default);

    private static Command CreateCreate()
    {
        Option<string[]> subnet = Flag.List("--subnet", "CIDR", "Its addresses, such as 10.1.2.0/24 (default: a free block)");
        Option<string[]> gateway = Flag.List("--gateway", "ADDRESS", "The host's address in them (default: the first)");
        var ipv6 = new Option<bool>("--ipv6") { Description = "Have addresses of IPv6 too", Arity = ArgumentArity.Zero };
        var closed = new Option<bool>("--internal") { Description = "Let nothing lead out of it: its containers reach each other only", Arity = ArgumentArity.Zero };
        var noNames = new Option<bool>("--disable-dns") { Description = "Have no server of names", Arity = ArgumentArity.Zero };
        Option<string[]> allow = Flag.List(
            "--allow", "RULE", "Let its containers reach this (example.org:443, *.debian.org, 10.0.0.0/8:5432/tcp) and nothing else; or host: what the host itself serves");
        Option<string[]> label = Flag.List("--label", "KEY[=VALUE]", "Remember this with the network");
        Option<string?> driver = Flag.Text("--driver", "bridge", "The driver; there is only this one", "-d");
        var ignore = new Option<bool>("--ignore") { Description = "A network of that name that is there already is no failure", Arity = ArgumentArity.Zero };
        var name = new Argument<string?>("NAME") { Description = "The network's name (default: podman1 and so on)", Arity = ArgumentArity.ZeroOrOne };
        var verb = new Command("create", """
            Make a network, and print its name. Its containers reach each other by name, and the world through the host; they reach neither what the
            host itself serves nor the containers of other networks.

            Examples:
              podspawn-oci network create web
              podspawn-oci network create --allow "*.debian.org:443" --allow 10.0.0.0/8:5432 build
              podspawn-oci network create --internal --subnet 10.7.0.0/24 --label app=db data
              podspawn-oci run --network web -p 127.0.0.1:8080:80 --name front nginx
            """)
        {
            subnet, gateway, ipv6, closed, noNames, allow, label, driver, ignore, name,
        };
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            if (parsed.GetValue(driver) is { } other && other != NetworkReport.OnlyDriver)
                throw new UsageException($"--driver: '{Printable.Clean(other)}' is not to be had; use {NetworkReport.OnlyDriver}, or leave the flag away");
            NetworkStore networks = Store();
            string? wanted = parsed.GetValue(name);
            bool isThere = wanted is not null && parsed.GetValue(ignore) && networks.Exists(wanted);
            Network network = isThere ? networks.Find(wanted!) : networks.Create(new NetworkRequest
            {
                Name = wanted,
                Subnets = parsed.GetValue(subnet) ?? [],
                Gateways = parsed.GetValue(gateway) ?? [],
                HasV6 = parsed.GetValue(ipv6),
                IsInternal = parsed.GetValue(closed),
                HasNames = !parsed.GetValue(noNames),
                ReachesHost = (parsed.GetValue(allow) ?? []).Contains(Host),
                Allow = [.. (parsed.GetValue(allow) ?? []).Where(rule => rule != Host).Select(Rule)],
                Labels = LifecycleFlags.Labels(parsed.GetValue(label) ?? []),
            });
            Streams.Output.WriteLine(network.Name);
            return 0;
        }));
        return verb;
    }

    private static EgressRule Rule(string text) =>
        EgressRule.Read(text, out string why) ?? throw new UsageException($"--allow: {why}; {EgressRule.Examples}, or {Host}");

    private static Command CreateLs()
    {
        Option<string> format = OutputFormat.Option();
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Show names only", Arity = ArgumentArity.Zero };
        var noTrunc = new Option<bool>("--no-trunc") { Description = "Show ids in full", Arity = ArgumentArity.Zero };
        var noHeading = new Option<bool>("--noheading", "-n") { Description = "Leave the headings away", Arity = ArgumentArity.Zero };
        Option<string[]> filter = Filter("Show those that fit: name (a regular expression), id, label, label!, driver, dangling, until", ["-f"]);
        var verb = new Command("ls", """
            List the networks.

            Examples:
              podspawn-oci network ls
              podspawn-oci network ls --filter label=app=db --format json
            """)
        {
            quiet, noTrunc, noHeading, filter, format,
        };
        verb.Aliases.Add("list");
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            OutputFormat form = OutputFormat.Read(parsed.GetValue(format), NetworkReport.Group, () => [.. JsonValues.NamesOf(NetworkJson.Default.NetworkReport)], "NETWORK NAME");
            NetworkStore networks = Store();
            NetworkFilter wanted = NetworkFilter.Parse(parsed.GetValue(filter) ?? [], networks);
            List<Network> found = [.. networks.All().Where(wanted.Fits)];
            if (form.IsJson)
                Json.Write([.. Reports(networks, found)], NetworkJson.Default.IReadOnlyListNetworkReport);
            else if (form.Template is not null)
                form.Print([.. Reports(networks, found).Select(NetworkReport.Row)], !parsed.GetValue(noHeading));
            else if (parsed.GetValue(quiet))
                found.ForEach(network => Streams.Output.WriteLine(network.Name));
            else
                Print(found, parsed.GetValue(noTrunc), parsed.GetValue(noHeading));
            return 0;
        }));
        return verb;
    }

    private static Command CreateInspect()
    {
        Option<string?> format = InspectVerb.Format();
        Argument<string[]> names = Networks(ArgumentArity.OneOrMore);
        var verb = new Command("inspect", """
            Print what is known of networks, as JSON: their addresses, their bridge, and which containers have them.

            Examples:
              podspawn-oci network inspect web
              podspawn-oci network inspect --format '{{range .subnets}}{{.gateway}}{{end}}' web
            """)
        {
            format, names,
        };
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            OutputFormat form = InspectVerb.Read(parsed.GetValue(format));
            NetworkStore networks = Store();
            var found = new List<Network>();
            int status = EachContainer.Do(parsed.GetValue(names) ?? [], name => found.Add(networks.Find(name)));
            if (form.IsJson)
                Json.Write([.. Reports(networks, found)], NetworkJson.Default.IReadOnlyListNetworkReport);
            else
                form.Print([.. Reports(networks, found).Select(NetworkReport.Row)]);
            return status;
        }));
        return verb;
    }

    private static Command CreateExists()
    {
        var name = new Argument<string>("NAME") { Description = "A network's name" };
        var verb = new Command("exists", """
            Tell by the exit status whether there is a network of that name: 0 where there is, 1 where there is none.

            Examples:
              podspawn-oci network exists web || podspawn-oci network create web
            """)
        {
            name,
        };
        verb.SetAction(parsed => Failures.Guard(() => Store().Exists(parsed.GetValue(name)!) ? ExitCodes.Success : ExitCodes.Failure));
        return verb;
    }

    private static Command CreateRm()
    {
        var force = new Option<bool>("--force", "-f") { Description = "Kill and remove its containers; one that is not there is no failure", Arity = ArgumentArity.Zero };
        Option<string?> time = LifeVerbs.Time("With --force: ask its containers to end, and kill them only after this time; -1 for never (default: kill them at once)");
        Argument<string[]> names = Networks(ArgumentArity.OneOrMore);
        var verb = new Command("rm", """
            Remove networks. One that a container has stays, whether the container runs or not: remove that first, or give --force.
            Exit status 1 when there is no such network, 2 when one is used.

            Examples:
              podspawn-oci network rm web
            """)
        {
            force, time, names,
        };
        verb.Aliases.Add("remove");
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            bool forced = parsed.GetValue(force);
            int? seconds = LifeVerbs.Seconds(parsed.GetValue(time));
            if (seconds is not null && !forced)
                throw new UsageException("--time: containers are stopped with --force alone; add it, or leave --time away");
            NetworkStore networks = Store();
            return EachContainer.Do(parsed.GetValue(names) ?? [], name =>
            {
                try
                {
                    if (forced)
                        RemoveUsers(networks.Find(name).Name, seconds);
                    Streams.Output.WriteLine(networks.Remove(name));
                }
                catch (NoSuchNetworkException) when (forced)
                {
                    // As in docker, a network that is already gone counts as removed.
                }
            }, ExitCodes.Failure);
        }));
        return verb;
    }

    private static void RemoveUsers(string network, int? seconds)
    {
        ContainerRegistry registry = EachContainer.Registry();
        var stopper = new ContainerStopper(registry);
        foreach (Container container in registry.All().Where(container => container.Definition.Attachments.Any(attachment => attachment.Network == network)).ToList())
        {
            bool asks = seconds is not null && container.IsUp;
            if (asks)
                stopper.Stop(container, seconds);
            if (!asks || !container.Definition.Foreground)
                stopper.Remove(container, force: true);
        }
    }

    private static Command CreatePrune()
    {
        var force = new Option<bool>("--force", "-f") { Description = "Do not ask", Arity = ArgumentArity.Zero };
        Option<string[]> filter = Filter("Remove those that fit, as with ls", []);
        var verb = new Command("prune", """
            Remove the networks that no container has. Asks before it does.

            Examples:
              podspawn-oci network prune --force --filter label=temporary
            """)
        {
            force, filter,
        };
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            NetworkStore networks = Store();
            NetworkFilter wanted = NetworkFilter.Parse(parsed.GetValue(filter) ?? [], networks);
            List<Network> found = [.. networks.All().Where(network => wanted.Fits(network) && networks.Users(network).Count == 0)];
            if (found.Count > 0 && !parsed.GetValue(force) && !IsAgreed())
                return 0;
            foreach (Network network in found)
            {
                try
                {
                    Streams.Output.WriteLine(networks.Remove(network.Name));
                }
                catch (ContainerException e) when (e is NoSuchNetworkException || e.ExitStatus == ExitCodes.InUse)
                {
                    // A container has been made with it since, or another command has removed it.
                }
            }
            return 0;
        }));
        return verb;
    }

    private static bool IsAgreed()
    {
        Streams.Output.WriteLine("WARNING! This will remove all networks not used by at least one container.");
        Streams.Output.Write("Are you sure you want to continue? [y/N] ");
        using var input = new StreamReader(new DescriptorStream(0));
        return input.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }

    private static void Print(List<Network> networks, bool whole, bool noHeading)
    {
        var table = new TextTable("NETWORK ID", "NAME", "DRIVER") { ShowsHeadings = !noHeading };
        foreach (Network network in networks)
            table.Add(whole ? network.Id : network.Id[..12], network.Name, NetworkReport.OnlyDriver);
        table.Print();
    }

    private static IEnumerable<NetworkReport> Reports(NetworkStore networks, IEnumerable<Network> found) =>
        found.Select(network => NetworkReport.Of(network, networks.Users(network)));

    private static Argument<string[]> Networks(ArgumentArity arity) => new("NETWORK") { Description = "A network's name, or the beginning of its id", Arity = arity };

    private static Option<string[]> Filter(string description, string[] letters) =>
        new("--filter", letters) { HelpName = "KEY=VALUE", Description = description, AllowMultipleArgumentsPerToken = false };
}
