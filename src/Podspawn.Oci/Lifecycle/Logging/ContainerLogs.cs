using Podspawn.Oci.Errors;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Lifecycle.Logging;

/// <summary>Prints what a container has written to its stdout and stderr.</summary>
internal sealed class ContainerLogs(ContainerRegistry registry)
{
    private const int StandardOutput = 1;
    private const int StandardError = 2;

    // As of any program that loses its reader.
    private const int ReaderGone = ExitCodes.SignalBase + Signals.Pipe;

    /// <summary>Prints the log.</summary>
    /// <returns>The exit status.</returns>
    /// <exception cref="ContainerException">There is no such container, or it has no log.</exception>
    internal int Print(string name, LogQuery query)
    {
        Container container = registry.Find(name);
        if (container.Definition.Foreground)
            throw LifecycleErrors.Of($"container '{container.Name}' has no log: what it writes goes straight to the command that launched it; launch one with {Setting.Detach} " +
                $"for a log");
        if (query.Follow && container.State.Status == ContainerStatus.Starting)
            container = AfterStart(container);
        using var reader = new LogReader(container.Paths, query, new LogOutput(StandardOutput, StandardError));
        try
        {
            if (query.Follow && container.HasProcess)
                reader.Follow(container.State.Monitor);
            else
                reader.Print();
            return 0;
        }
        catch (ReaderGoneException)
        {
            return ReaderGone;
        }
    }

    // The process that starts the container holds its lock until the container runs.
    private Container AfterStart(Container container)
    {
        registry.Hold(container)?.Dispose();
        return registry.Find(container.Id);
    }
}
