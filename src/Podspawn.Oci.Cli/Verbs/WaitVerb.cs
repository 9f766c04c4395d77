using System.CommandLine;
using System.Globalization;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>wait</c>: waits until containers have ended, or are in another state.</summary>
internal static class WaitVerb
{
    // podman's word for one that has no status to be printed.
    private const int NoStatus = -1;
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromMilliseconds(250);

    internal static Command Create()
    {
        var condition = new Option<string[]>("--condition") { HelpName = "STATE", AllowMultipleArgumentsPerToken = false,
            Description = "Wait for this in place of the end: created, running, paused, restarting, stopping, exited, removed; one of several is enough" };
        var interval = new Option<string?>("--interval", "-i") { HelpName = "TIME",
            Description = "How often to look for a condition: 250ms, 2s, or a number of milliseconds; an end is told at once (default: 250ms)" };
        var selection = new ContainerSelection("all that run in the background", container => container.IsUp && !container.Definition.Foreground, "a");
        var verb = new Command("wait", """
            Wait until containers have ended, and print their exit statuses. One that was never started does not run: as with docker, there is
            nothing to wait for, and 0 is printed. For another state than the end, and for one that is not there, -1 is printed, as by podman.

            Examples:
              podspawn-oci wait job
              podspawn-oci wait --condition running --condition exited job
            """)
        {
            condition, interval,
        };
        selection.AddTo(verb);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            string[] words = parsed.GetValue(condition) ?? [];
            WaitCondition? wanted = words.Length > 0 ? WaitCondition.Parse(words.SelectMany(word => word.Split(',')), "--condition") : null;
            TimeSpan pause = parsed.GetValue(interval) is { } text ? Interval(text) : DefaultInterval;
            ContainerRegistry registry = EachContainer.Registry();
            return EachContainer.Do(selection.Read(parsed, registry), chosen =>
            {
                if ((chosen.Found ?? registry.TryFind(chosen.Text)) is { } container)
                    Streams.Output.WriteLine(wanted is null ? End(registry, container) : new ConditionWaiter(registry, container.Id).Await(wanted, pause) ?? NoStatus);
                else if (selection.Ignores(parsed))
                    Streams.Output.WriteLine(NoStatus);
                else
                    throw LifecycleErrors.NoSuch(chosen.Text);
            });
        }));
        return verb;
    }

    private static int End(ContainerRegistry registry, Container container)
    {
        using var waiter = new ContainerWaiter(registry, container);
        return waiter.AwaitIfStarted();
    }

    private static TimeSpan Interval(string text) =>
        (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long milliseconds)
            ? TimeSpan.FromMilliseconds((double)milliseconds)
            : GoDuration.TryParse(text))
            is { Ticks: > 0, TotalMilliseconds: <= int.MaxValue } span
            ? span
            : throw new UsageException($"--interval: '{Printable.Clean(text)}' is no time; write 250ms, 2s, or a number of milliseconds");
}
