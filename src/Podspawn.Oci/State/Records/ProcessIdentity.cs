using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.State.Records;

/// <summary>A process that can be told from a later one with the same number.</summary>
/// <param name="Pid">Its number.</param>
/// <param name="StartTime">When it began, in clock ticks after boot (proc_pid_stat(5)); 0 where it had ended before anybody looked.</param>
public readonly record struct ProcessIdentity(int Pid, ulong StartTime)
{
    /// <summary>Whether it lives; a zombie does not.</summary>
    public bool IsAlive() => StartTime != 0 && ProcessStat.Read(Pid) is { IsDead: false } stat && stat.StartTime == StartTime;

    internal static ProcessIdentity Of(int pid) => new(pid, ProcessStat.Read(pid)?.StartTime ?? 0);

    /// <summary>A descriptor of it; null when it has ended.</summary>
    internal SafeFileHandle? Open()
    {
        SafeFileHandle? process = ProcessCalls.OpenPidfd(Pid);
        // Looked at only now that it is held: the number cannot become another's any more.
        if (process is null || IsAlive())
            return process;
        process.Dispose();
        return null;
    }
}
