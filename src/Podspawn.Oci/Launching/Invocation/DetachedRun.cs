using Podspawn.Oci.Host;
using Podspawn.Oci.Native;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Terminals;

namespace Podspawn.Oci.Launching.Invocation;

/// <summary>Starts a process of a container in the background: it reads nothing, and its output is discarded.</summary>
internal static class DetachedRun
{
    /// <summary>Returns when the command runs, or when its start has failed.</summary>
    internal static RunOutcome Execute(RuntimeInvocation run, bool terminal)
    {
        RuntimeTraits traits = run.Driver.Traits;
        if (traits.LeavesContainerProcess)
            ProcessCalls.BecomeSubreaper();
        int status = terminal ? StartWithTerminal(run) : Start(run);
        if (status != 0)
            return new RunOutcome(status, ExitSource.Runtime);
        return traits.LeavesContainerProcess && HasFailed(run, traits) is { } failure ? failure : new RunOutcome(0, ExitSource.Detached);
    }

    private static int Start(RuntimeInvocation run)
    {
        using var nothing = ChildStreams.Null();
        return run.Start(consoleSocket: null, nothing).GetAwaiter().GetResult().ExitCode;
    }

    private static int StartWithTerminal(RuntimeInvocation run)
    {
        using var socket = new ConsoleSocket(run.ConsoleSocket);
        Task<int> running;
        Func<PtyMaster?> receive;
        using (var nothing = ChildStreams.Null())
            running = TerminalRun.Start(run, socket, nothing, out receive);
        using PtyMaster? master = receive();
        int status = running.GetAwaiter().GetResult();
        if (status == 0 && master is not null)
            TerminalHolder.HoldOpen(master, run.Environment);
        return status;
    }

    private static RunOutcome? HasFailed(RuntimeInvocation run, RuntimeTraits traits)
    {
        if (ContainerPidFile.Read(run.PidFile) is not { } pid || PreparingProcess.AwaitCommand(ProcessIdentity.Of(pid)))
            return null;
        RunOutcome outcome = RunOutcome.OfProcess(run.PidFile, traits);
        return outcome.Kind == ExitSource.NeverRan ? outcome : null;
    }
}
