using System.CommandLine;
using Podspawn.Oci.Cli.Inspecting;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>ps</c>: lists the containers of this host.</summary>
internal static class PsVerb
{
    internal static Command Create()
    {
        Option<string> format = OutputFormat.Option();
        var all = new Option<bool>("--all", "-a") { Description = "Show those that do not run too", Arity = ArgumentArity.Zero };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Show ids only", Arity = ArgumentArity.Zero };
        var noTrunc = new Option<bool>("--no-trunc") { Description = "Show ids and commands in full", Arity = ArgumentArity.Zero };
        var last = new Option<int?>("--last", "-n") { HelpName = "N", Description = "Show the N that were made last, whatever their state" };
        var latest = new Option<bool>("--latest", "-l") { Description = "Show the one that was made last, whatever its state", Arity = ArgumentArity.Zero };
        var sort = new Option<string?>("--sort") { HelpName = "COLUMN",
            Description = $"Sort by {string.Join(", ", ContainerOrder.Keys)}, upwards (default: the newest first)" };
        var noHeading = new Option<bool>("--noheading") { Description = "Show no line of headings", Arity = ArgumentArity.Zero };
        var size = new Option<bool>("--size", "-s") { Description = "Show what it has written, and that with its root", Arity = ArgumentArity.Zero };
        var external = new Option<bool>("--external") { Description = "Accepted: nothing outside of the list makes containers in this store", Arity = ArgumentArity.Zero };
        var filter = new Option<string[]>("--filter", "-f") { HelpName = "KEY=VALUE",
            Description = "Show those that fit: id, name (a regular expression), status, label, ancestor, exited, health, runtime, network, volume, restart-policy, "
                + "before, since, until",
            AllowMultipleArgumentsPerToken = false };
        var verb = new Command("ps", """
            List the containers that run, those in the foreground of another command too.

            Examples:
              podspawn-oci ps --all
              podspawn-oci ps --filter status=exited --filter label=job --format json
              podspawn-oci ps --all --sort names --size --noheading
              podspawn-oci ps --format 'table {{.ID}}\t{{.Names}}\t{{.Label "job"}}'
            """)
        {
            all, quiet, noTrunc, last, latest, filter, sort, size, noHeading, external, format,
        };
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            OutputFormat form = OutputFormat.Read(parsed.GetValue(format), ListedContainers.Group, ListedContainers.Fields);
            Comparison<ContainerRow>? order = parsed.GetValue(sort) is { } column ? ContainerOrder.Parse(column) : null;
            ContainerRegistry registry = EachContainer.Registry();
            ContainerFilter wanted = ContainerFilter.Parse(parsed.GetValue(filter) ?? [], registry);
            int most = parsed.GetValue(latest) ? 1 : parsed.GetValue(last) is >= 0 and var wished ? wished : int.MaxValue;
            bool any = parsed.GetValue(all) || most != int.MaxValue || wanted.Has("status") || wanted.Has("exited");
            var sizes = new ContainerSizes();
            bool sized = parsed.GetValue(size) || parsed.GetValue(sort) == ContainerOrder.Size;
            List<ContainerRow> rows =
            [
                .. registry.All().Where(container => (any || container.IsUp) && wanted.Fits(container)).Take(most)
                    .Select(container => new ContainerRow(container, sized ? sizes.Of(container) : null)),
            ];
            if (order is not null)
                rows.Sort(order);
            IReadOnlyList<Container> found = [.. rows.Select(row => row.Container)];
            bool whole = parsed.GetValue(noTrunc);
            if (form.IsJson)
                Json.Write([.. found.Select(ListedContainers.Of)], InspectJson.Default.IReadOnlyListListedContainer);
            else if (form.Template is { } template)
                form.Print([.. found.Select(container => ListedContainers.Row(container, whole, template.Asks("Size")))], !parsed.GetValue(noHeading));
            else if (parsed.GetValue(quiet))
                found.ToList().ForEach(container => Streams.Output.WriteLine(whole ? container.Id : container.ShortId));
            else
                Print(rows, whole, withSize: parsed.GetValue(size), headings: !parsed.GetValue(noHeading));
            return 0;
        }));
        return verb;
    }

    private static void Print(IReadOnlyList<ContainerRow> rows, bool whole, bool withSize, bool headings)
    {
        string[] titles = ["CONTAINER ID", "IMAGE", "COMMAND", "CREATED", "STATUS", "PORTS", "RUNTIME", "NAMES"];
        var table = new TextTable(withSize ? [.. titles, "SIZE"] : titles) { ShowsHeadings = headings };
        foreach ((Container container, ContainerSize? size) in rows)
        {
            string command = Printable.Clean(string.Join(' ', container.Definition.Command), int.MaxValue);
            string[] cells =
            [
                whole ? container.Id : container.ShortId, container.Definition.Origin,
                ContainerReports.Command(command, whole),
                Age.Since(container.Definition.Created), ContainerReports.Status(container), NetworkInspection.Column(NetworkInspection.PortsOf(container)),
                container.Definition.Runtime.Name, container.Name,
            ];
            table.Add(withSize ? [.. cells, size?.ToString() ?? ""] : cells);
        }
        table.Print();
    }
}
