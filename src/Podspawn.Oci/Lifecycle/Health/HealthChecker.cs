using Podspawn.Oci.Errors;
using Podspawn.Oci.Lifecycle.Executing;
using Podspawn.Oci.Native;
using Podspawn.Oci.State.Events;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Lifecycle.Health;

/// <summary>Checks the health of a running container: its command runs inside as any other that is brought in, with all the container's hardening.</summary>
/// <param name="registry">The containers.</param>
/// <param name="signals">The source of signals that are passed on to the command; null for none.</param>
public sealed class HealthChecker(ContainerRegistry registry, ISignalSource? signals)
{
    private const int TimedOut = -1;

    /// <summary>Checks once, and records the result.</summary>
    /// <param name="name">The container's name or id.</param>
    /// <returns>The result, and the health that follows from it.</returns>
    /// <exception cref="ContainerException">There is no such container, it does not run, or has no check.</exception>
    public (HealthResult Result, ContainerHealth Health) Check(string name)
    {
        Container container = registry.Find(name);
        if (container.Definition.Health is not { } check)
            throw new ContainerException($"container '{container.Name}' has no healthcheck; give it one with {Setting.HealthCmd} when it is made");
        if (!container.Definition.Foreground)
            _ = container.RequireGoing();
        HealthResult result = Run(container, check);
        return (result, Record(container, check, result));
    }

    private HealthResult Run(Container container, HealthCheck check)
    {
        DateTimeOffset start = DateTimeOffset.UtcNow;
        var capture = new BoundedCapture(ContainerHealth.MostOutput);
        int status;
        string? error = null;
        try
        {
            ExecResult ended = capture.During(() => new Executor(registry, signals).Execute(container.Id, new ExecOptions { Command = check.Command, TimeLimit = check.Timeout }));
            status = ended.TimedOut ? TimedOut : ended.Status;
            error = ended.TimedOut ? $"the check was not done after {check.Timeout.TotalSeconds:0.###} s, and was killed" : null;
        }
        catch (PodspawnException e) when (e.ExitStatus is ExitCodes.NotFound or ExitCodes.NotExecutable)
        {
            // The container has no such command: that is an answer.
            status = e.ExitStatus;
            error = e.Message;
        }
        string output = error ?? capture.Text;
        return new HealthResult(start, DateTimeOffset.UtcNow, status, Cleaned(output));
    }

    // What a container writes must not reach a terminal as it is; its lines stay lines.
    private static string Cleaned(string output) => string.Join('\n', output.Split('\n').Select(Printable.Line));

    // The lock of the container is not needed: nobody else writes this file, and a check must not wait for a start or a stop.
    private ContainerHealth Record(Container container, HealthCheck check, HealthResult result)
    {
        if (!Directory.Exists(container.Paths.Directory))
            throw LifecycleErrors.NotRunning(container.Name);
        using FileLock turn = FileLock.Take(container.Paths.HealthLock);
        ContainerHealth before = RecordJson.ReadHealth(container.Paths.Health) ?? ContainerHealth.Unknown;
        ContainerHealth after = before.After(check, result, container.State.Started);
        RecordJson.Write(container.Paths.Health, after);
        if (after.Status != before.Status)
            EventLog.Report(registry.Store, container.Definition, "health_status", ("health_status", HealthWords.Of(after.Status)));
        return after;
    }
}
