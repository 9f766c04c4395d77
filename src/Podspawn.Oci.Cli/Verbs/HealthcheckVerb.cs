using System.CommandLine;
using Podspawn.Oci.Cli.Callbacks;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Lifecycle.Health;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>healthcheck run</c>: asks a container whether it is healthy.</summary>
internal static class HealthcheckVerb
{
    internal const string Name = "healthcheck";
    internal const string Run = "run";

    internal static Command Create()
    {
        var verb = new Command(Name, "Ask containers whether they are healthy.");
        verb.Subcommands.Add(CreateRun());
        return verb;
    }

    private static Command CreateRun()
    {
        var name = new Argument<string>("CONTAINER") { Description = "A container's name, id, or the beginning of its id" };
        var verb = new Command(Run, """
            Run the healthcheck of a container once, inside, with the capabilities, limits and filters of the container itself, and record the
            result, which ps and inspect show. Where systemd runs, it calls this by itself as often as --health-interval says. The exit status
            is 0 when the check succeeded, 1 when it failed, 125 when the container has no check.

            Examples:
              podspawn-oci run -d --name web --health-cmd 'wget -q -O- localhost' --health-interval 10s web-image
              podspawn-oci healthcheck run web
              podspawn-oci ps --filter health=unhealthy
            """)
        {
            name,
        };
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            (HealthResult result, ContainerHealth health) = new HealthChecker(EachContainer.Registry(), OwnProgram.Signals).Check(parsed.GetValue(name)!);
            if (result.ExitStatus == 0)
                return ExitCodes.Success;
            // As podman: a check that fails while the container may still start is no sign of illness yet.
            Streams.Output.WriteLine(health.Status == HealthStatus.Starting ? HealthWords.Of(health.Status) : HealthWords.Of(HealthStatus.Unhealthy));
            return ExitCodes.Failure;
        }));
        return verb;
    }
}
