using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Native;
using Podspawn.Oci.State;

namespace Podspawn.Oci.Launching.Invocation;

/// <summary>How a run ended.</summary>
/// <param name="Status">An exit status, or 128 + n for signal n.</param>
/// <param name="Kind">Which process the status belongs to.</param>
internal readonly record struct RunOutcome(int Status, ExitSource Kind)
{
    /// <summary>Whether the caller stopped waiting before all output of the process was read.</summary>
    internal bool OutputAbandoned { get; init; }

    /// <summary>Waits for a container's process, or for the runtime's process that stands for it; the runtime has left it to us, the subreaper.</summary>
    internal static RunOutcome OfProcess(string pidFile, RuntimeTraits traits)
    {
        int pid = ContainerPidFile.Read(pidFile)
            ?? throw new ContainerException("the runtime did not tell which process the container is; see what it says above");
        // The status is read before the process is reaped: the kernel still answers for a zombie.
        ProcessExit exit = ProcessCalls.WaitExit(pid, reap: false);
        bool neverRan = traits.LeavesContainerProcess && PreparingProcess.NeverRan(pid, exit);
        ProcessCalls.WaitExit(pid);
        ExitSource kind = neverRan ? ExitSource.NeverRan : traits.LeavesContainerProcess ? ExitSource.Container : ExitSource.Runtime;
        return new RunOutcome(exit.ShellStatus, kind);
    }
}

/// <summary>Where the exit status of a run comes from.</summary>
internal enum ExitSource
{
    /// <summary>From the runtime; it may be the command's.</summary>
    Runtime,

    /// <summary>From the container's process.</summary>
    Container,

    /// <summary>From a process that was to become the command, and could not.</summary>
    NeverRan,

    /// <summary>From no process: the user has detached from the terminal, and the process continues.</summary>
    Detached,
}
