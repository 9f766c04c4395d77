using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Native;
using Podspawn.Oci.State;

namespace Podspawn.Oci.Launching.Invocation;

/// <summary>How a run ended.</summary>
/// <param name="Status">An exit status, or 128 + n for signal n.</param>
/// <param name="Kind">Whose status it is.</param>
internal readonly record struct RunOutcome(int Status, ExitSource Kind)
{
    /// <summary>Whether the caller did not wait for what the process wrote to be read.</summary>
    internal bool OutputAbandoned { get; init; }

    /// <summary>
    /// Waits for a container's process, or the one of the runtime that stands for it, which the runtime has left to us, the subreaper.
    /// </summary>
    internal static RunOutcome OfProcess(string pidFile, RuntimeTraits traits)
    {
        int pid = ContainerPidFile.Read(pidFile)
            ?? throw new ContainerException("the runtime did not tell which process the container is; see what it says above");
        // Looked at before it is reaped: of a dead process the kernel still tells.
        ProcessExit exit = ProcessCalls.WaitExit(pid, reap: false);
        bool neverRan = traits.LeavesContainerProcess && PreparingProcess.NeverRan(pid, exit);
        ProcessCalls.WaitExit(pid);
        ExitSource kind = neverRan ? ExitSource.NeverRan : traits.LeavesContainerProcess ? ExitSource.Container : ExitSource.Runtime;
        return new RunOutcome(exit.ShellStatus, kind);
    }
}

/// <summary>Whose exit status a run ended with.</summary>
internal enum ExitSource
{
    /// <summary>The runtime's, which may be the command's.</summary>
    Runtime,

    /// <summary>The container's process's.</summary>
    Container,

    /// <summary>That of a process which was to become the command, and could not.</summary>
    NeverRan,

    /// <summary>Nobody's: the user has left the process's terminal, and it goes on.</summary>
    Detached,
}
