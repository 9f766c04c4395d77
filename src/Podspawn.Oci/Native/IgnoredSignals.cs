namespace Podspawn.Oci.Native;

/// <summary>
/// Signals that our caller has set to be ignored before it became us, as a shell does with SIGINT and SIGQUIT for a job in the background, and nohup(1)
/// with SIGHUP. .NET does not receive them then, and every child ignores them as well, a container's command included.
/// </summary>
internal static unsafe class IgnoredSignals
{
    private const int HandlerWords = 8;
    private static ulong ignored;

    /// <summary>
    /// Gives them their default action, and remembers them: whoever owns the process receives them and does nothing, which is the same for us alone. To be
    /// called before .NET reads the dispositions, at the very start.
    /// </summary>
    internal static void Reset()
    {
        nint* action = stackalloc nint[HandlerWords];
        for (int signal = 1; signal <= SignalNumber.SIGRTMAX; signal++)
        {
            // Those of a terminal's job control have a meaning while they are ignored (tcsetattr(3)); those of pipes and children are .NET's.
            if (signal is SignalNumber.SIGPIPE or SignalNumber.SIGCHLD or SignalNumber.SIGTSTP or SignalNumber.SIGTTIN or SignalNumber.SIGTTOU
                || SystemCalls.Call(SystemCalls.Sigaction, signal, 0, (nint)action, sizeof(ulong)) != 0 || *action != SignalNumber.Ignored)
                continue;
            _ = RawCalls.SetDisposition(signal, SignalNumber.Default);
            ignored |= 1UL << (signal - 1);
        }
    }

    /// <summary>Whether a signal was ignored when we began.</summary>
    internal static bool Has(int signal) => (ignored & (1UL << (signal - 1))) != 0;

    /// <summary>All of them.</summary>
    internal static IEnumerable<int> All() => ignored == 0 ? [] : Enumerable.Range(1, SignalNumber.SIGRTMAX).Where(Has);
}
