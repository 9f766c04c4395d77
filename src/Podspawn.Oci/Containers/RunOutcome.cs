using Podspawn.Oci.Hosting;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Containers;

/// <summary>How a run ended.</summary>
/// <param name="Status">An exit status, or 128 + n for signal n.</param>
/// <param name="Kind">Whose status it is.</param>
internal readonly record struct RunOutcome(int Status, RunEnd Kind)
{
    /// <summary>Waits for the container's process, which its runtime has left to us, the subreaper.</summary>
    internal static RunOutcome OfContainer(ContainerPaths paths, RuntimeTraits traits)
    {
        int pid = InitProcess.Read(paths.PidFile)
            ?? throw new ContainerException("the runtime did not tell which process the container is; see what it says above");
        // Looked at before it is reaped: a dead process still has its name.
        ProcessExit exit = ProcessCalls.WaitExit(pid, reap: false);
        bool neverRan = exit is { Code: 1, BySignal: false } && traits.PreparingProcessName is { } preparing
            && SmallFile.Read($"/proc/{pid}/comm") == preparing + "\n";
        ProcessCalls.WaitExit(pid);
        return new RunOutcome(exit.ShellStatus, neverRan ? RunEnd.NeverRan : RunEnd.Container);
    }
}

/// <summary>Whose exit status a run ended with.</summary>
internal enum RunEnd
{
    /// <summary>The runtime's, which may be the command's.</summary>
    Runtime,

    /// <summary>The container's process's.</summary>
    Container,

    /// <summary>That of a process which was to become the command, and could not.</summary>
    NeverRan,
}
