using System.CommandLine;
using System.Globalization;
using Podspawn.Oci.Cli.Callbacks;
using Podspawn.Oci.Cli.Inspecting;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Lifecycle.Stats;
using Podspawn.Oci.Native;
using Podspawn.Oci.Terminals;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>stats</c>: shows what containers use, beside their limits.</summary>
internal static class StatsVerb
{
    private const double LeastSeconds = 0.1;
    private const double MostSeconds = 3600;

    internal static Command Create()
    {
        Option<string> format = OutputFormat.Option();
        var all = new Option<bool>("--all", "-a") { Description = "Show those that do not run too", Arity = ArgumentArity.Zero };
        var once = new Option<bool>("--no-stream") { Description = "Show one table, and end", Arity = ArgumentArity.Zero };
        var noTrunc = new Option<bool>("--no-trunc") { Description = "Show ids and names in full", Arity = ArgumentArity.Zero };
        var interval = new Option<string>("--interval", "-i") { HelpName = "SECONDS", Description = "The time between two tables", DefaultValueFactory = _ => "1" };
        var names = new Argument<string[]>("CONTAINER") { Description = "A container's name, id, or the beginning of its id (default: all that run)",
            Arity = ArgumentArity.ZeroOrMore };
        ContainerSelection selection = ContainerSelection.OfOne();
        var verb = new Command("stats", """
            Show what containers use of processors, memory, disks and processes, beside their limits: again and again on a terminal, a table a
            second elsewhere, until ^C, or until all that were named are gone. CPU % is of one processor: two that are busy are 200%.

            Examples:
              podspawn-oci stats
              podspawn-oci stats --no-stream web worker
              podspawn-oci stats --format json --interval 5 >> usage.jsonl
              podspawn-oci stats --no-stream --format '{{.Name}}: {{.MemUsage}}'
            """)
        {
            all, selection.Latest, once, noTrunc, interval, format, names,
        };
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            OutputFormat wanted = OutputFormat.Read(parsed.GetValue(format), ListedUses.Group, ListedUses.Fields);
            bool whole = parsed.GetValue(noTrunc);
            TimeSpan pause = Interval(parsed.GetValue(interval)!);
            ContainerRegistry registry = EachContainer.Registry();
            string[] named = parsed.GetValue(names)!;
            if (parsed.GetValue(selection.Latest))
            {
                named = named.Length == 0
                    ? [selection.ReadOne(parsed, registry)]
                    : throw new UsageException("--latest: containers are named as well; leave the flag away, or the names");
            }
            var sampler = new StatisticsSampler(registry, named, parsed.GetValue(all));
            bool live = !wanted.IsJson && !parsed.GetValue(once) && TerminalSize.IsTerminal(1);
            using var interruption = new Interruption(OwnProgram.Signals);
            var report = new StatsReport(whole, wanted, live ? new LiveScreen() : null, once: parsed.GetValue(once));
            IReadOnlyList<ContainerStatistics> statistics = sampler.Look();
            // Processor time takes two samples: on a terminal the first is shown without it.
            bool read = !live || report.TryShow(statistics);
            while (read && !interruption.Token.WaitHandle.WaitOne(pause))
            {
                statistics = sampler.Look();
                read = report.TryShow(statistics);
                if (parsed.GetValue(once) || (named.Length > 0 && statistics.Count == 0))
                    return read ? ExitCodes.Success : ExitCodes.OfSignal(Signals.Pipe);
            }
            return ExitCodes.OfSignal(read ? interruption.Signal : Signals.Pipe);
        }));
        return verb;
    }

    private static TimeSpan Interval(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds is >= LeastSeconds and <= MostSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw new UsageException($"--interval: '{text}' is no time between two tables; write {LeastSeconds.ToString(CultureInfo.InvariantCulture)} to {MostSeconds} seconds");
}
