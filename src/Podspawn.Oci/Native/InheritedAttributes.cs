using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>
/// What a process inherits from its caller and passes on to every program that it starts, container included: descriptors, and privileges of
/// scheduling and memory. A privilege of our caller (sshd is exempt when the kernel is out of memory, a service may run in real time) belongs neither
/// to a container nor to the helpers that handle a stranger's image. What makes a process weaker stays: <c>nice podspawn-oci run</c> has its effect.
/// </summary>
internal static unsafe partial class InheritedAttributes
{
    private const string OomScore = "/proc/self/oom_score_adj";
    private const int FirstBeyondStandardStreams = 3;
    private const int PRIO_PROCESS = 0;
    private const int SCHED_OTHER = 0;
    private const int SCHED_FIFO = 1;
    private const int SCHED_RR = 2;
    private const int SCHED_DEADLINE = 6;
    private const int SCHED_RESET_ON_FORK = 0x40000000;
    private const int IOPRIO_WHO_PROCESS = 1;
    private const int IOPRIO_CLASS_SHIFT = 13;
    private const int IOPRIO_CLASS_RT = 1;
    private const int IOPRIO_CLASS_BE = 2;
    private const int IOPRIO_NORM = 4;
    private const int PR_GET_SECUREBITS = 27;
    private const int PR_SET_SECUREBITS = 28;
    private const uint AskPersonality = 0xFFFF_FFFF;
    private const uint CLOSE_RANGE_CLOEXEC = 4;
    private const int HighestRemembered = 255; // bash and zsh number the descriptors of <(command) from 63 down and 11 up
    private static readonly ulong[] Inherited = new ulong[(HighestRemembered + 1) / 64];
    private static bool remembers;

    /// <summary>Resets them, at the very start: most of them belong to a thread, and later threads inherit them from it.</summary>
    internal static void Reset()
    {
        KeepDescriptorsFromChildren();
        FileMask.Tighten();
        // conmon blocks SIGCHLD and SIGUSR1, others more: a container that blocks SIGTERM would not stop.
        ProcessCalls.UnblockSignals();
        if (SmallFile.Read(OomScore)?.StartsWith('-') == true)
            WriteZero(OomScore);
        if (Personality(AskPersonality) is not 0)
            _ = Personality(0);
        if (RawCalls.Prctl(PR_GET_SECUREBITS, 0, 0, 0, 0) > 0)
            _ = RawCalls.Prctl(PR_SET_SECUREBITS, 0, 0, 0, 0);
        if (GetPriority(PRIO_PROCESS, 0) < 0)
            ForEachThread(thread => _ = SetPriority(PRIO_PROCESS, thread, 0));
        if ((GetScheduler(0) & ~SCHED_RESET_ON_FORK) is SCHED_FIFO or SCHED_RR or SCHED_DEADLINE)
            ForEachThread(SetOrdinaryScheduling);
        int io = (int)SystemCalls.Call(SystemCalls.IoprioGet, IOPRIO_WHO_PROCESS, 0);
        if (io > 0 && ((io >> IOPRIO_CLASS_SHIFT) == IOPRIO_CLASS_RT || ((io >> IOPRIO_CLASS_SHIFT) == IOPRIO_CLASS_BE && (io & 7) < IOPRIO_NORM)))
            ForEachThread(thread => _ = SystemCalls.Call(SystemCalls.IoprioSet, IOPRIO_WHO_PROCESS, thread, 0));
    }

    // Descriptors that .NET and we open have the flag already; those of our caller would go to runtimes and monitors, which live as long as the
    // container does and pass some of them on.
    private static void KeepDescriptorsFromChildren()
    {
        remembers = true;
        foreach (int fd in Descriptors())
        {
            if (fd is >= FirstBeyondStandardStreams and <= HighestRemembered && DescriptorCalls.IsPassedOn(fd))
                Inherited[fd / 64] |= 1UL << (fd % 64);
        }
        if (SystemCalls.Call(SystemCalls.CloseRange, FirstBeyondStandardStreams, unchecked((nint)uint.MaxValue), (nint)CLOSE_RANGE_CLOEXEC) == 0)
            return;
        // For kernels before Linux 5.11.
        foreach (int fd in Descriptors())
        {
            if (fd >= FirstBeyondStandardStreams)
                _ = RawCalls.Fcntl(fd, RawCalls.F_SETFD, RawCalls.FD_CLOEXEC);
        }
    }

    // Those that are open: to ask for each number that there may be takes hundreds of calls.
    private static IEnumerable<int> Descriptors()
    {
        using SafeFileHandle? directory = PathCalls.Open("/proc/self/fd", PathCalls.O_RDONLY | PathCalls.O_DIRECTORY, out _);
        if (directory is null)
            return Enumerable.Range(FirstBeyondStandardStreams, HighestRemembered);
        var numbers = new List<int>();
        foreach (EntryName name in EntryCalls.List(directory))
        {
            if (Utf8Parser.TryParse(name.Bytes, out int number, out _))
                numbers.Add(number);
        }
        return numbers;
    }

    /// <summary>Whether a descriptor was inherited from our caller.</summary>
    internal static bool HasDescriptor(int fd) =>
        !remembers || fd < FirstBeyondStandardStreams ? DescriptorCalls.IsPassedOn(fd) : fd <= HighestRemembered && (Inherited[fd / 64] & (1UL << (fd % 64))) != 0;

    private static void SetOrdinaryScheduling(int thread)
    {
        int priority = 0;
        _ = SetScheduler(thread, SCHED_OTHER, &priority);
    }

    private static void WriteZero(string path)
    {
        using SafeFileHandle? file = PathCalls.Open(path, PathCalls.O_WRONLY, out _);
        if (file is not null)
            _ = TerminalCalls.Write(file, "0"u8);
    }

    // .NET's own threads are running already, and any of them may start others.
    private static void ForEachThread(Action<int> act)
    {
        foreach (string entry in Directory.GetDirectories("/proc/self/task"))
        {
            if (int.TryParse(Path.GetFileName(entry), CultureInfo.InvariantCulture, out int thread))
                act(thread);
        }
    }

    [LibraryImport("libc", EntryPoint = "personality")]
    private static partial int Personality(uint persona);

    [LibraryImport("libc", EntryPoint = "getpriority")]
    private static partial int GetPriority(int which, int who);

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int value);

    [LibraryImport("libc", EntryPoint = "sched_getscheduler")]
    private static partial int GetScheduler(int thread);

    [LibraryImport("libc", EntryPoint = "sched_setscheduler")]
    private static partial int SetScheduler(int thread, int policy, int* priority);
}
