using System.Text;
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

    /// <summary>Prints the logs of containers: of several each line begins with the short id, or the name, of its own.</summary>
    /// <returns>The exit status.</returns>
    /// <exception cref="ContainerException">There is no such container, or it has no log; nothing is printed then.</exception>
    internal int Print(IReadOnlyList<string> names, LogQuery query)
    {
        Container[] containers = [.. names.Select(Find)];
        try
        {
            if (containers is [var only])
                Print(only, query, new LogOutput(StandardOutput, StandardError));
            else
                PrintSeveral(containers, query);
            return 0;
        }
        catch (ReaderGoneException)
        {
            return ReaderGone;
        }
    }

    private Container Find(string name)
    {
        Container container = registry.Find(name);
        if (container.Definition.Lifecycle.Log.Driver == LogDriver.None)
            throw LifecycleErrors.Of($"container '{container.Name}': this container is using the 'none' log driver, cannot read logs; create it with another {Setting.LogDriver}");
        return container.Definition.Foreground
            ? throw LifecycleErrors.Of($"container '{container.Name}' has no log: what it writes goes straight to the command that launched it; launch one with {Setting.Detach} " +
                $"for a log")
            : container;
    }

    private void PrintSeveral(Container[] containers, LogQuery query)
    {
        int longest = containers.Max(container => container.Name.Length);
        var shared = new Lock();
        Action[] each =
        [
            .. containers.Select(container =>
            {
                string prefix = query.ByName ? container.Name.PadRight(longest) : container.ShortId;
                LogQuery own = query with { Prefix = Encoding.UTF8.GetBytes($"{prefix} ") };
                return (Action)(() => Print(container, own, new LogOutput(StandardOutput, StandardError, shared)));
            }),
        ];
        if (!query.Follow)
        {
            foreach (Action print in each)
                print();
            return;
        }
        Task[] following = [.. each.Select(print => Task.Factory.StartNew(print, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        // One that has lost the reader, or fails, ends all of them: the others would go on for as long as their containers do.
        List<Task> left = [.. following];
        while (left.Count > 0)
        {
            Task done = Task.WhenAny(left).GetAwaiter().GetResult();
            done.GetAwaiter().GetResult();
            left.Remove(done);
        }
    }

    private void Print(Container container, LogQuery query, LogOutput output)
    {
        if (query.Follow && container.State.Status == ContainerStatus.Starting)
            container = AfterStart(container);
        if (container.LogFile is not { } log)
        {
            var journal = new JournalReader(container.Id, query, output);
            if (query.Follow && container.HasProcess)
                journal.Follow(container.State.Monitor);
            else
                journal.Print();
            return;
        }
        using var reader = new LogReader(container.Paths, log, query, output);
        if (query.Follow && container.HasProcess)
            reader.Follow(container.State.Monitor);
        else
            reader.Print();
    }

    // The process that starts the container holds its lock until the container runs.
    private Container AfterStart(Container container)
    {
        registry.Hold(container)?.Dispose();
        return registry.Find(container.Id);
    }
}
