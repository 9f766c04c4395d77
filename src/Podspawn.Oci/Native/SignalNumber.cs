namespace Podspawn.Oci.Native;

/// <summary>Numbers of signals (signal(7)); these are the same on x86_64 and aarch64.</summary>
internal static class SignalNumber
{
    internal const int SIGHUP = 1;
    internal const int SIGINT = 2;
    internal const int SIGQUIT = 3;
    internal const int SIGKILL = 9;
    internal const int SIGUSR1 = 10;
    internal const int SIGUSR2 = 12;
    internal const int SIGPIPE = 13;
    internal const int SIGTERM = 15;
    internal const int SIGCHLD = 17;
    internal const int SIGCONT = 18;
    internal const int SIGSTOP = 19;
    internal const int SIGTSTP = 20;
    internal const int SIGWINCH = 28;

    /// <summary>What a signal does by default (SIG_DFL).</summary>
    internal const nint Default = 0;
}
