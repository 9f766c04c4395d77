using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.State;

/// <summary>What conmon left behind about a container's end.</summary>
/// <param name="Status">The exit status, 128 + n for signal n, less than 0 where conmon's time limit ended it; null where conmon wrote none.</param>
/// <param name="Time">When it was written.</param>
/// <param name="OutOfMemory">Whether the kernel ended a process of it for want of memory.</param>
internal sealed record ExitRecord(int? Status, DateTimeOffset Time, bool OutOfMemory)
{
    /// <summary>The exit status of a container whose own nobody knows, as containerd has it.</summary>
    internal const int Unknown = 255;

    private const int PollMilliseconds = 5;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>Waits until conmon has written it, or is gone: what the container wrote is in the log by then.</summary>
    internal static ExitRecord Await(ContainerPaths paths, ProcessIdentity? monitor)
    {
        // Where it has called us for the end, it has written all that it will.
        bool calledUs = monitor is not null && ProcessStat.Read(Environment.ProcessId)?.Parent == monitor.Value.Pid;
        using SafeFileHandle? alive = calledUs ? null : monitor?.Open();
        DateTime end = DateTime.UtcNow + Timeout;
        while (true)
        {
            bool gone = alive is null || ProcessCalls.AwaitEnd(alive, PollMilliseconds) || DateTime.UtcNow > end;
            // In this order: what conmon writes at the very end is still seen.
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
