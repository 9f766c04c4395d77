using CliWrap;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.Relaying;
using Podspawn.Oci.State;

namespace Podspawn.Oci.Launching.Invocation;

/// <summary>Runs a process of a container on pipes of its own, and passes what goes over them to and from the caller's standard streams.</summary>
internal static class StreamRun
{
    /// <summary>Returns when the process has ended and what it wrote was passed on.</summary>
    /// <exception cref="ContainerException">What it wrote could not be passed on.</exception>
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
        // On this thread, not awaited: it alone is in the mount namespace that the clean-up needs.
        RelayUntilEndOf(relay, running.ProcessId);
        // The kernel tells at once what CliWrap hears of over a signal and some threads, while it reaps the process beside us.
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
