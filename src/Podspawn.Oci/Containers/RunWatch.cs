using System.Globalization;
using CliWrap;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Containers;

/// <summary>
/// Waits for a runtime in the foreground. The container's process ends some milliseconds before the runtime has taken its cgroups apart:
/// that time is used to remove what only the container needed.
/// </summary>
internal static unsafe class RunWatch
{
    /// <summary>Waits on the calling thread.</summary>
    /// <param name="runtime">The runtime.</param>
    /// <param name="watch">A watch on the container's directory from before the runtime started, or null.</param>
    /// <param name="pidFile">The file in it that names the container's process.</param>
    /// <param name="containerEnded">What to do when that process has ended. Not called when the runtime ends first.</param>
    /// <returns>The runtime's exit status, or 128 + n when signal n ended it.</returns>
    internal static int Wait(CommandTask<CommandResult> runtime, SafeFileHandle? watch, string pidFile, Action containerEnded)
    {
        using SafeFileHandle? runtimeEnd = ProcessCalls.OpenPidfd(runtime.ProcessId);
        SafeFileHandle? containerEnd = null;
        bool watching = watch is not null;
        try
        {
            DescriptorCalls.PollEntry* entries = stackalloc DescriptorCalls.PollEntry[3];
            while (runtimeEnd is not null)
            {
                entries[0] = Entry(runtimeEnd);
                entries[1] = Entry(watching ? watch : null);
                entries[2] = Entry(containerEnd);
                if (DescriptorCalls.Poll(entries, 3, -1) < 0)
                    continue;
                if (entries[2].Returned != 0)
                {
                    containerEnded();
                    containerEnd!.Dispose();
                    containerEnd = null;
                }
                if (entries[0].Returned != 0)
                    break;
                if (entries[1].Returned != 0)
                {
                    Drain(watch!);
                    containerEnd = OpenContainer(pidFile);
                    watching = containerEnd is null;
                }
            }
        }
        finally
        {
            containerEnd?.Dispose();
        }
        // Asked from the kernel at once: CliWrap hears of it over a signal and some threads, and reaps the process meanwhile or later.
        return ProcessCalls.PeekExit(runtime.ProcessId)?.ShellStatus ?? runtime.GetAwaiter().GetResult().ExitCode;
    }

    private static DescriptorCalls.PollEntry Entry(SafeFileHandle? file) =>
        new() { Descriptor = file is null ? -1 : (int)file.DangerousGetHandle(), Events = DescriptorCalls.POLLIN };

    private static void Drain(SafeFileHandle watch)
    {
        const int BufferSize = 4096;
        byte* buffer = stackalloc byte[BufferSize];
        _ = DescriptorCalls.Read((int)watch.DangerousGetHandle(), buffer, BufferSize);
    }

    private static SafeFileHandle? OpenContainer(string pidFile) =>
        int.TryParse(SmallFile.Read(pidFile), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) ? ProcessCalls.OpenPidfd(pid) : null;
}
