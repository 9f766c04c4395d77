using Podspawn.Oci.Errors;
using Podspawn.Oci.Lifecycle.Events;
using Podspawn.Oci.Native;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.State.Store;

namespace Podspawn.Oci.State.Events;

/// <summary>
/// The file that remembers what happened to containers. There is no daemon that would tell: whoever does something to a container writes it down,
/// each line by one write at the file's end. What cannot be written is lost, and keeps nobody from what they do.
/// </summary>
internal static class EventLog
{
    private const int Largest = 4 << 20;

    /// <summary>Where it lies.</summary>
    internal static string PathIn(StateLayout layout) => $"{layout.RunDirectory}/events.jsonl";

    /// <summary>Where the one before it lies.</summary>
    internal static string FormerPathIn(StateLayout layout) => $"{PathIn(layout)}.1";

    /// <summary>Writes down that something happened to a container.</summary>
    /// <param name="store">The store of the container.</param>
    /// <param name="container">The container, as it was then.</param>
    /// <param name="action">What happened: <c>create</c>, <c>start</c>, <c>die</c> and so on.</param>
    /// <param name="attributes">What else is to be told.</param>
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

    /// <summary>Writes an event down.</summary>
    internal static void Write(StateLayout layout, ContainerEvent happened)
    {
        try
        {
            string path = PathIn(layout);
            byte[] line = EventLine.Write(happened);
            int fd = PathCalls.Open(path, PathCalls.O_WRONLY | PathCalls.O_APPEND | PathCalls.O_CREAT | PathCalls.O_NOFOLLOW | PathCalls.O_CLOEXEC, FileModes.OwnersFile);
            if (fd < 0)
                return;
            using var file = new Microsoft.Win32.SafeHandles.SafeFileHandle(fd, ownsHandle: true);
            _ = TerminalCalls.Write(fd, line);
            if (EntryFacts.Of(file).Size >= Largest)
                BeginAnew(layout);
        }
#pragma warning disable CA1031 // whatever it is, it must not keep the verb from its own errand
        catch
#pragma warning restore CA1031
        {
        }
    }

    // Who has the old file open writes its line there, which is read all the same.
    private static void BeginAnew(StateLayout layout)
    {
        using FileLock? turn = FileLock.TryTake($"{layout.RunDirectory}/events.lock", create: true);
        if (turn is not null && FileKind.FactsOf(PathIn(layout)) is { Size: >= Largest })
            File.Move(PathIn(layout), FormerPathIn(layout), overwrite: true);
    }
}
