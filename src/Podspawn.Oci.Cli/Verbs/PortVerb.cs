using System.CommandLine;
using System.Globalization;
using Podspawn.Oci.Cli.Inspecting;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Text;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>port</c>: shows the host's ports that lead to a container.</summary>
internal static class PortVerb
{
    private const string Tcp = "tcp";

    internal static Command Create()
    {
        var name = new Argument<string>("CONTAINER") { Description = "A container's name, or the beginning of its id" };
        var port = new Argument<string?>("PORT[/PROTOCOL]") { Description = "A port of the container (default: all)", Arity = ArgumentArity.ZeroOrOne };
        var verb = new Command("port", """
            Show the ports of the host that lead to a container which runs.

            Examples:
              podspawn-oci port web
              podspawn-oci port web 80/tcp
            """)
        {
            name, port,
        };
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            Container container = EachContainer.Registry().Find(parsed.GetValue(name)!);
            PublishedPort[] ports = [.. (NetworkInspection.RecordOf(container)?.Ports ?? []).SelectMany(NetworkInspection.Each)];
            if (parsed.GetValue(port) is not { } text)
            {
                foreach (PublishedPort one in ports)
                    Streams.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{one.ContainerPort}/{one.Protocol} -> {Place(one)}"));
                return 0;
            }
            string wanted = text.Contains('/', StringComparison.Ordinal) ? text : $"{text}/{Tcp}";
            PublishedPort[] found = [.. ports.Where(one => string.Create(CultureInfo.InvariantCulture, $"{one.ContainerPort}/{one.Protocol}") == wanted)];
            foreach (PublishedPort one in found)
                Streams.Output.WriteLine(Place(one));
            return found.Length > 0 ? 0 : throw new ContainerException($"failed to find published port \"{Printable.Clean(text)}\" of container '{container.Name}'");
        }));
        return verb;
    }

    private static string Place(PublishedPort port) => string.Create(CultureInfo.InvariantCulture, $"{NetworkInspection.Shown(port.HostAddress)}:{port.HostPort}");
}
