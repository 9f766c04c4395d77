using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Cli.Inspecting;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Cli.Templates;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Lifecycle.Events;
using Podspawn.Oci.Native;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Events;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>events</c>: prints the events of containers and volumes.</summary>
internal static class EventsVerb
{
    private const int LongestValue = 200;

    internal static Command Create()
    {
        var since = new Option<string?>("--since") { HelpName = "TIME",
            Description = "Begin with what happened since then: 2026-01-31T08:30:00Z, 2026-01-31, seconds since 1970, or 10m for ten minutes ago" };
        var until = new Option<string?>("--until") { HelpName = "TIME", Description = "End then; takes the same forms, and 10m for in ten minutes" };
        var filter = new Option<string[]>("--filter", "-f") { HelpName = "KEY=VALUE", Description = "Show only what fits; keys: container, event, image, label, type, volume",
            AllowMultipleArgumentsPerToken = false };
        var stream = new Option<bool>("--stream") { HelpName = "BOOL", Description = "Go on with what happens from now on", DefaultValueFactory = _ => true };
        var noTrunc = new Option<bool>("--no-trunc") { HelpName = "BOOL", Description = "Show ids in full", DefaultValueFactory = _ => true, Arity = ArgumentArity.ZeroOrOne };
        Option<string> format = OutputFormat.Option();
        var verb = new Command("events", """
            Show what happens to containers and volumes, one line each, until interrupted: create, start, die, remove and so on. What happened
            before is shown with --since, or with --stream=false, as far back as it is remembered.

            Examples:
              podspawn-oci events --filter event=die
              podspawn-oci events --since 1h --stream=false --format json
              podspawn-oci events --format '{{.Time}} {{.Action}} {{.Name}}'
            """);
        foreach (Option option in new Option[] { since, until, filter, stream, noTrunc, format })
            verb.Options.Add(option);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            OutputFormat form = OutputFormat.Read(parsed.GetValue(format), ListedEvents.Group, ListedEvents.Fields);
            bool whole = parsed.GetValue(noTrunc);
            Action<ContainerEvent> onNote = form.IsJson ? TellJson : form.Template is { } template ? happened => Tell(template, happened) : happened => TellText(happened, whole);
            Instant? from = parsed.GetValue(since) is { } text ? Instant.Parse(text, since.Name) : null;
            Instant? to = parsed.GetValue(until) is { } end ? Instant.Parse(end, until.Name, ahead: true) : null;
            EventFilter wanted = EventFilter.Parse(parsed.GetValue(filter) ?? []);
            bool follows = parsed.GetValue(stream);
            using var reader = new EventReader(StateLayout.Default, wanted, from ?? (follows && (to is null || to > Instant.Now) ? Instant.Now : null), to, onNote);
            try
            {
                if (follows)
                    Follow(reader);
                else
                    reader.Read();
            }
            catch (ReaderGoneException)
            {
            }
            return 0;
        }));
        return verb;
    }

    private static void Follow(EventReader reader)
    {
        (SafeFileHandle stop, SafeFileHandle stopped) = DescriptorCalls.Pipe();
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stopped.Dispose();
        }
        using (stop)
        // In the background of a script it goes on when the script's terminal is interrupted.
        using (IgnoredSignals.Has(SignalNumber.SIGINT) ? null : PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop))
        using (PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop))
            reader.Follow(stop, 1);
    }

    private static void TellJson(ContainerEvent happened) => Write([.. Json.Line(ListedEvents.Of(happened), InspectJson.Default.ListedEvent)]);

    private static void Tell(Template template, ContainerEvent happened) =>
        Write(System.Text.Encoding.UTF8.GetBytes(template.Render([ListedEvents.Row(happened)], headings: false)));

    // Labels and names are the user's, image names a registry's: the terminal must not interpret them.
    private static void TellText(ContainerEvent happened, bool whole)
    {
        if (happened.Type == ContainerEvent.OfVolume)
        {
            TellLine(happened, whole: true, "");
            return;
        }
        IEnumerable<string> details = new[] { $"image={happened.Image}", $"name={happened.Name}" }
            .Concat(happened.Attributes.Concat(happened.Labels).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"));
        TellLine(happened, whole, $" ({string.Join(", ", details.Select(detail => Printable.Clean(detail, LongestValue)))})");
    }

    private static void TellLine(ContainerEvent happened, bool whole, string details) => Write(System.Text.Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"{happened.Time.ToLocalTime():yyyy-MM-dd HH:mm:ss.fffffff zzz} {happened.Type} {happened.Action} {(whole ? happened.Id : Container.Short(happened.Id))}{details}\n")));

    private static void Write(ReadOnlySpan<byte> line)
    {
        while (line.Length > 0)
        {
            int put = TerminalCalls.Write(1, line);
            if (put < 0)
                throw put == -Errno.EPIPE ? new ReaderGoneException() : new IOException($"standard output: {Errno.Text(-put)}");
            line = line[put..];
        }
    }
}
