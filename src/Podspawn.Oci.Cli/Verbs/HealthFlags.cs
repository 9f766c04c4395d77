using System.CommandLine;
using Podspawn.Oci.Launching.Planning;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary>Docker's and podman's flags for a container's healthcheck.</summary>
internal sealed class HealthFlags
{
    private readonly Option<string?> command = Flag.Text("--health-cmd", "COMMAND", "Ask it by this command whether it is healthy; none for no check", "--healthcheck-command");
    private readonly Option<string?> interval = Flag.Text("--health-interval", "SPAN", "The time between two checks (default: 30s); disable for none by itself",
        "--healthcheck-interval");
    private readonly Option<string?> timeout = Flag.Text("--health-timeout", "SPAN", "The time after which a check has failed (default: 30s)", "--healthcheck-timeout");
    private readonly Option<string?> startPeriod = Flag.Text("--health-start-period", "SPAN", "The time after a start in which failures do not count (default: 0s)",
        "--healthcheck-start-period");
    private readonly Option<long?> retries = new("--health-retries", "--healthcheck-retries") 
    {
        HelpName = "N",
        Description = "The failures in a row that make it unhealthy (default: 3)",
    };
    private readonly Option<bool> off = new("--no-healthcheck") { Description = "Leave the image's check out", Arity = ArgumentArity.Zero };

    internal void AddTo(Command verb)
    {
        foreach (Option option in new Option[] { command, interval, timeout, startPeriod, retries, off })
            verb.Options.Add(option);
    }

    internal HealthOptions Read(ParseResult parsed) => new()
    {
        Command = parsed.GetValue(command),
        Interval = parsed.GetValue(interval),
        Timeout = parsed.GetValue(timeout),
        StartPeriod = parsed.GetValue(startPeriod),
        Retries = parsed.GetValue(retries),
        Off = parsed.GetValue(off),
    };
}
