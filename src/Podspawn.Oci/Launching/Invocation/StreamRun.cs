using CliWrap;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.Relaying;
using Podspawn.Oci.State;

namespace Podspawn.Oci.Launching.Invocation;

/// <summary>Runs a process of a container on its own pipes, and relays them to and from the caller's standard streams.</summary>
internal static class StreamRun
{
    /// <summary>Returns when the process has ended and its output was passed on.</summary>
    /// <exception cref="ContainerException">The output could not be passed on.</exception>
    internal static RunOutcome Execute(RuntimeInvocation run)
    {
        using RunStreams streams = RunStreams.Make(run.Interactive, StreamRelay.OutputsAreOne());
        using var relay = new StreamRelay(streams);
        using CancellationTokenRegistration abandon = run.Abandon.Register(relay.Abandon);
        if (run.LeavesProcess)
            ProcessCalls.BecomeSubreaper();
        CommandTask<CommandResult> running;
        using (streams.Container)
            running = run.Start(consoleSocket: null, streams.Container);
        // The relay runs on this thread and is not awaited: only this thread is in the mount namespace that the clean-up needs.
        RelayUntilEndOf(relay, running.ProcessId);
        // The kernel tells the status at once. CliWrap learns it by a signal and over several threads, while it reaps the process beside us.
        int status = run.Begun(ProcessCalls.PeekExit(running.ProcessId)?.ShellStatus ?? running.GetAwaiter().GetResult().ExitCode);
        RunOutcome outcome = new(status, ExitSource.Runtime);
        if (run.LeavesProcess && status == 0)
        {
            if (ContainerPidFile.Read(run.PidFile) is { } pid)
                RelayUntilEndOf(relay, pid);
            outcome = RunOutcome.OfProcess(run.PidFile, run.Driver.Traits);
        }
        try
        {
            return outcome with { OutputAbandoned = !relay.Finish() };
        }
        catch (IOException e)
        {
            throw new ContainerException(e.Message);
        }
    }

    private static void RelayUntilEndOf(StreamRelay relay, int pid)
    {
        using SafeFileHandle? process = ProcessCalls.OpenPidfd(pid);
        relay.RunUntilEndOf(process);
    }
}
