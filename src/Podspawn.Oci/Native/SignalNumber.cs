namespace Podspawn.Oci.Native;

/// <summary>Numbers of signals (signal(7)); these are the same on x86_64 and aarch64.</summary>
internal static class SignalNumber
{
    internal const int SIGHUP = 1;
    internal const int SIGINT = 2;
    internal const int SIGQUIT = 3;
    internal const int SIGTRAP = 5;
    internal const int SIGABRT = 6;
    internal const int SIGKILL = 9;
    internal const int SIGUSR1 = 10;
    internal const int SIGUSR2 = 12;
    internal const int SIGPIPE = 13;
    internal const int SIGALRM = 14;
    internal const int SIGTERM = 15;
    internal const int SIGSTKFLT = 16;
    internal const int SIGCHLD = 17;
    internal const int SIGCONT = 18;
    internal const int SIGSTOP = 19;
    internal const int SIGTSTP = 20;
    internal const int SIGTTIN = 21;
    internal const int SIGTTOU = 22;
    internal const int SIGURG = 23;
    internal const int SIGXCPU = 24;
    internal const int SIGXFSZ = 25;
    internal const int SIGVTALRM = 26;
    internal const int SIGPROF = 27;
    internal const int SIGWINCH = 28;
    internal const int SIGIO = 29;
    internal const int SIGPWR = 30;
    internal const int SIGSYS = 31;

    /// <summary>The first real-time signal; the C library keeps the two before it, and .NET stops its own threads with this one.</summary>
    internal const int SIGRTMIN = 34;

    internal const int SIGRTMAX = 64;

    /// <summary>What a signal does by default (SIG_DFL).</summary>
    internal const nint Default = 0;

    /// <summary>A signal that does nothing (SIG_IGN).</summary>
    internal const nint Ignored = 1;

    /// <summary>Whether a process that does nothing about a signal is not changed by it.</summary>
    internal static bool IsHarmless(int signal) => signal is SIGCHLD or SIGCONT or SIGURG or SIGWINCH;
}
