using System.Globalization;

namespace Podspawn.Oci.Native;

/// <summary>What /proc/PID/stat says of a process (proc_pid_stat(5)).</summary>
/// <param name="State"><c>R</c>, <c>S</c>, <c>Z</c> and so on.</param>
/// <param name="Parent">Its parent's number.</param>
/// <param name="StartTime">When it began, in clock ticks after boot.</param>
/// <param name="Flags">The kernel's flags for it (PF_* of linux/sched.h).</param>
internal readonly record struct ProcessStat(char State, int Parent, ulong StartTime, uint Flags)
{
    private const int FlagsWord = 6;
    private const int StartTimeWord = 19;
    private const uint PF_FORKNOEXEC = 0x40;

    internal bool IsDead => State is 'Z' or 'X';

    /// <summary>
    /// Whether it has successfully called execve(2) since it was forked (ps(1), PROCESS FLAGS). The kernel holds this flag until the process is
    /// reaped, and no process can change it.
    /// </summary>
    internal bool HasExecuted => (Flags & PF_FORKNOEXEC) == 0;

    /// <summary>Null where there is no such process.</summary>
    internal static ProcessStat? Read(int pid)
    {
        // "pid (comm) state ppid ..."; comm may contain anything, so the fields begin after the last parenthesis.
        string? stat = SmallFile.Read($"/proc/{pid}/stat");
        int close = stat?.LastIndexOf(')') ?? -1;
        if (close < 0)
            return null;
        string[] words = stat![(close + 2)..].Split(' ');
        return words.Length > StartTimeWord && int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out int parent)
            && uint.TryParse(words[FlagsWord], NumberStyles.None, CultureInfo.InvariantCulture, out uint flags)
            && ulong.TryParse(words[StartTimeWord], NumberStyles.None, CultureInfo.InvariantCulture, out ulong start)
            ? new ProcessStat(words[0][0], parent, start, flags)
            : null;
    }
}
