using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.State.Store;

namespace Podspawn.Oci.State.Events;

/// <summary>
/// The file that records the events of containers. There is no daemon: each process that changes a container records the event itself, each line by
/// one write at the file's end. An event that cannot be written is lost, and does not stop the process from its work.
/// </summary>
internal static class EventLog
{
    private const int Largest = 4 << 20;

    /// <summary>The path of the log.</summary>
    internal static string PathIn(StateLayout layout) => $"{layout.RunDirectory}/events.jsonl";

    /// <summary>The path of the previous log.</summary>
    internal static string FormerPathIn(StateLayout layout) => $"{PathIn(layout)}.1";

    /// <summary>Records an event of a container.</summary>
    /// <param name="store">The store of the container.</param>
    /// <param name="container">The container, as it was at the event.</param>
    /// <param name="action">The event: <c>create</c>, <c>start</c>, <c>die</c> and so on.</param>
    /// <param name="attributes">Details of the event.</param>
    internal static void Report(ContainerStore store, ContainerDefinition container, string action, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        var named = new Dictionary<string, string>();
        foreach ((string name, string value) in attributes)
            named[name] = value;
        Write(store.Layout, new ContainerEvent
        {
            Time = DateTimeOffset.UtcNow,
            Action = action,
            Id = container.Id,
            Name = container.Name,
            Image = container.Origin,
            Attributes = named,
            Labels = container.Lifecycle.Labels,
        });
    }

    /// <summary>Appends an event to the log.</summary>
    internal static void Write(StateLayout layout, ContainerEvent happened)
    {
        try
        {
            string path = PathIn(layout);
            byte[] line = EventLine.Write(happened);
            using SafeFileHandle? file = PathCalls.Open(path, PathCalls.O_WRONLY | PathCalls.O_APPEND | PathCalls.O_CREAT | PathCalls.O_NOFOLLOW, out _, FileModes.OwnersFile);
            if (file is null)
                return;
            _ = TerminalCalls.Write(file, line);
            if (EntryFacts.Of(file).Size >= Largest)
                BeginAnew(layout);
        }
#pragma warning disable CA1031 // no failure of the log may stop the verb from its work
        catch
#pragma warning restore CA1031
        {
        }
    }

    // A process that has the old file open writes its line there, which is read all the same.
    private static void BeginAnew(StateLayout layout)
    {
        using FileLock? turn = FileLock.TryTake($"{layout.RunDirectory}/events.lock", create: true);
        if (turn is not null && FileKind.FactsOf(PathIn(layout)) is { Size: >= Largest })
            File.Move(PathIn(layout), FormerPathIn(layout), overwrite: true);
    }
}
