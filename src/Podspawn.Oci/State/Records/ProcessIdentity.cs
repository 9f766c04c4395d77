using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.State.Records;

/// <summary>Identifies a process, also against a later one with the same number.</summary>
/// <param name="Pid">Its number.</param>
/// <param name="StartTime">When it began, in clock ticks after boot (proc_pid_stat(5)); 0 where it had ended before its start time was read.</param>
public readonly record struct ProcessIdentity(int Pid, ulong StartTime)
{
    /// <summary>Whether the process lives; a zombie does not.</summary>
    public bool IsAlive() => StartTime != 0 && ProcessStat.Read(Pid) is { IsDead: false } stat && stat.StartTime == StartTime;

    internal static ProcessIdentity Of(int pid) => new(pid, ProcessStat.Read(pid)?.StartTime ?? 0);

    /// <summary>Opens a descriptor of the process; null when it has ended.</summary>
    internal SafeFileHandle? Open()
    {
        SafeFileHandle? process = ProcessCalls.OpenPidfd(Pid);
        // Checked only now that the descriptor is open: from here on the number cannot become another process's.
        if (process is null || IsAlive())
            return process;
        process.Dispose();
        return null;
    }
}
