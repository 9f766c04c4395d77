using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.State;

/// <summary>What conmon has recorded of a container's end.</summary>
/// <param name="Status">The exit status, 128 + n for signal n, negative where conmon's time limit ended it; null where conmon wrote none.</param>
/// <param name="Time">When it was recorded.</param>
/// <param name="OutOfMemory">Whether the kernel killed a process of the container for lack of memory.</param>
internal sealed record ExitRecord(int? Status, DateTimeOffset Time, bool OutOfMemory)
{
    /// <summary>The exit status of a container whose own is unknown, as in containerd.</summary>
    internal const int Unknown = 255;

    private const int PollMilliseconds = 5;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>Waits until conmon has written the record, or is gone: the log is complete by then.</summary>
    internal static ExitRecord Await(ContainerPaths paths, ProcessIdentity? monitor)
    {
        // A monitor that has called us for the end has written everything that it will.
        bool calledUs = monitor is not null && ProcessStat.Read(Environment.ProcessId)?.Parent == monitor.Value.Pid;
        using SafeFileHandle? alive = calledUs ? null : monitor?.Open();
        DateTime end = DateTime.UtcNow + Timeout;
        while (true)
        {
            bool gone = alive is null || ProcessCalls.AwaitEnd(alive, PollMilliseconds) || DateTime.UtcNow > end;
            // The order matters: what conmon writes at the very end is still seen.
            if (Read(paths) is { } record)
                return record;
            if (gone)
                return new ExitRecord(null, DateTimeOffset.UtcNow, HasRunOutOfMemory(paths));
        }
    }

    private static ExitRecord? Read(ContainerPaths paths) =>
        int.TryParse(SmallFile.Read(paths.ExitFile), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int status)
            ? new ExitRecord(status, new DateTimeOffset(File.GetLastWriteTimeUtc(paths.ExitFile)), HasRunOutOfMemory(paths))
            : null;

    private static bool HasRunOutOfMemory(ContainerPaths paths) => File.Exists(paths.MonitorOutOfMemory);
}
