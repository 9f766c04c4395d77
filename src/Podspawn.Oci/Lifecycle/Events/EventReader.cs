using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Events;
using Podspawn.Oci.State.Store;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Lifecycle.Events;

/// <summary>Reads the recorded events from both files, and follows the new ones.</summary>
internal sealed class EventReader(StateLayout layout, EventFilter filter, Instant? since, Instant? until, Action<ContainerEvent> onEvent) : IDisposable
{
    private GrowingFile? file;

    /// <summary>Prints the events so far.</summary>
    internal void Read()
    {
        // The newer file is opened first, so that no third file can come between the two.
        file = GrowingFile.Open(EventLog.PathIn(layout));
        using (GrowingFile? former = GrowingFile.Open(EventLog.FormerPathIn(layout)))
        {
            if (former is not null && file?.IsReplaced(EventLog.FormerPathIn(layout)) != false)
                former.ReadNew(Take);
        }
        ReadNew();
    }

    /// <summary>
    /// Prints the events so far and those that follow, until the time is over, or until <paramref name="stop"/> or one of <paramref name="outputs"/>
    /// says so.
    /// </summary>
    /// <param name="stop">Becomes readable, or reaches its end, to stop the reading; null for never.</param>
    /// <param name="outputs">Descriptors that report an error once their reader is gone.</param>
    internal void Follow(SafeFileHandle? stop, params ReadOnlySpan<int> outputs)
    {
        ContainerStore.MakePrivate(layout.RunDirectory);
        using var watch = new Inotify();
        watch.Watch(layout.RunDirectory);
        Read();
        var fds = new TerminalCalls.PollFd[2 + outputs.Length];
        fds[0] = new TerminalCalls.PollFd(watch.Handle, TerminalCalls.POLLIN);
        fds[1] = new TerminalCalls.PollFd(stop, TerminalCalls.POLLIN);
        for (int i = 0; i < outputs.Length; i++)
            fds[2 + i] = new TerminalCalls.PollFd(outputs[i], 0);
        while (!IsOver())
        {
            _ = TerminalCalls.Poll(fds, Instant.Wait(until));
            if (fds[1..].Any(fd => fd.IsReady))
                return;
            watch.Drain();
            ReadNew();
        }
    }

    public void Dispose() => file?.Dispose();

    private void ReadNew()
    {
        string path = EventLog.PathIn(layout);
        while (true)
        {
            file ??= GrowingFile.Open(path);
            // Checked first. A writer that had the old file open when it was replaced has written to it by the time we wake up.
            bool isReplaced = file?.IsReplaced(path) == true;
            file?.ReadNew(Take);
            if (!isReplaced)
                return;
            file!.Dispose();
            file = null;
        }
    }

    private bool Take(ReadOnlySpan<byte> line, long offset, bool isWhole)
    {
        if (!isWhole || EventLine.Read(line) is not { } happened)
            return true;
        Instant time = Instant.Of(happened.Time);
        // The events are not ordered to the last microsecond: each writer reads the clock before it writes.
        if ((since is not { } from || time >= from) && (until is not { } end || time <= end) && filter.Fits(happened))
            onEvent(happened);
        return true;
    }

    private bool IsOver() => until is { } end && Instant.Now > end;
}
