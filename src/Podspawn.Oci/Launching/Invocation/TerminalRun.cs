using CliWrap;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.State;
using Podspawn.Oci.Terminals;

namespace Podspawn.Oci.Launching.Invocation;

/// <summary>Runs a process of a container that has a terminal: the runtime creates the terminal and sends us its master.</summary>
internal static class TerminalRun
{
    // The kernel hands over what was written to a terminal a moment later, from a work queue: it may arrive after the end of the process that wrote it.
    private const int LateBytesMilliseconds = 250;

    /// <summary>Returns when the process has ended and its output was passed on, or when the user detaches.</summary>
    /// <exception cref="ContainerException">The output could not be passed on.</exception>
    internal static RunOutcome Execute(RuntimeInvocation run)
    {
        if (run.LeavesProcess)
            ProcessCalls.BecomeSubreaper();

        using var socket = new ConsoleSocket(run.ConsoleSocket);
        using RuntimeOutput words = RuntimeOutput.Make(run);
        Task<int> running = Start(run, socket, words.Streams, out Func<PtyMaster?> receive);
        if (receive() is not { } master)
        {
            int failed = running.GetAwaiter().GetResult();
            words.Tell();
            return new RunOutcome(failed, ExitSource.Runtime);
        }
        Task? end = EndOf(run, running);
        LostOutput? lost;
        using (master)
        {
            if (Relay(master, running, end, run, out lost) == RelayEnding.Detached)
            {
                TerminalHolder.HoldOpen(master, run.Environment);
                // The command may write before its runtime has finished: a runtime that can no longer write its pid file would end the command.
                int failure = run.LeavesProcess ? running.GetAwaiter().GetResult() : 0;
                return failure == 0 ? new RunOutcome(0, ExitSource.Detached) : new RunOutcome(failure, ExitSource.Runtime);
            }
        }
        int status = running.GetAwaiter().GetResult();
        words.Tell();
        RunOutcome outcome = new(status, ExitSource.Runtime);
        if (run.LeavesProcess && status == 0)
        {
            // Other threads that wait for the process must have seen its end before it is reaped: after that its number may belong to another process.
            end?.Wait();
            outcome = RunOutcome.OfProcess(run.PidFile, run.Driver.Traits);
        }
        return lost is null ? outcome : throw new ContainerException(lost.Message);
    }

    /// <summary>Starts the runtime on the calling thread.</summary>
    /// <param name="run">What to run.</param>
    /// <param name="socket">Receives the terminal.</param>
    /// <param name="streams">The runtime's own standard streams.</param>
    /// <param name="receive">Waits for the terminal; returns null where the runtime failed before it sent one.</param>
    /// <returns>The runtime's exit status.</returns>
    internal static Task<int> Start(RuntimeInvocation run, ConsoleSocket socket, ChildStreams streams, out Func<PtyMaster?> receive)
    {
        var gone = new CancellationTokenSource();
        Task<int> running = Watch(run.Start(socket.Path, streams), run, gone);
        receive = () => Receive(socket, running, gone.Token);
        return running;
    }

    /// <summary>Whether the caller's stdin can serve as the keyboard of a container's terminal.</summary>
    internal static bool InputIsTerminal() => TerminalSize.IsTerminal(0);

    private static PtyMaster? Receive(ConsoleSocket socket, Task<int> running, CancellationToken gone)
    {
        try
        {
            return socket.AcceptMaster(gone);
        }
        catch (Exception e) when (e is OperationCanceledException or TerminalException)
        {
            // A runtime that failed may have connected and then sent nothing: its own message tells more.
            if (running.GetAwaiter().GetResult() == 0 && e is TerminalException)
                throw;
            return null;
        }
    }

    // What ends the relay where the terminal does not end by itself. The terminal stays open as long as any process has it open, such as one that the
    // command left behind and that ignores SIGHUP; a terminal that is handed to a kernel in user space may stay open in any case. Null where only the
    // terminal tells.
    private static Task? EndOf(RuntimeInvocation run, Task<int> running)
    {
        if (!run.LeavesProcess)
            return run.Driver.Traits.LeavesContainerProcess ? null : running;
        // The wait gets its own thread: it blocks for as long as the command runs, and the thread pool may have no other thread for the user's signals.
        return Task.Factory.StartNew(AwaitLeft, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        void AwaitLeft()
        {
            // Unlike a plain wait this throws nothing: the caller that asks for the runtime's status gets the failure.
            _ = Task.WaitAny(running);
            try
            {
                if (running.IsCompletedSuccessfully && running.Result == 0 && ContainerPidFile.Read(run.PidFile) is { } pid)
                    ProcessCalls.WaitExit(pid, reap: false);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Nothing is left to wait for. The caller that asks for the process's status learns why.
            }
        }
    }

    private static RelayEnding Relay(PtyMaster master, Task<int> runtime, Task? end, RuntimeInvocation run, out LostOutput? lost)
    {
        int grace = run.Driver.Traits.LeavesContainerProcess ? LateBytesMilliseconds : 0;
        using var session = new TerminalSession(master, run.Interactive ? 0 : null, stdoutFd: 1, run.Signals, run.DetachKeys);
        using var ended = new CancellationTokenSource();
        // Everything that is still to come is in the terminal by then, or in the kernel's work queue.
        Task? stopper = end?.ContinueWith(
            _ => session.Stop(drain: true, grace), ended.Token, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        RelayEnding ending = session.Run();
        lost = session.Lost;
        if (ending == RelayEnding.HungUp)
        {
            if (run.LeavesProcess)
                runtime.GetAwaiter().GetResult();
            EndAfterHangUp(run);
        }
        // Closing the master hangs up on a command that is still running; only after that may we wait for its end.
        if (stopper is not null && !end!.IsCompleted)
            ended.Cancel();
        else
            stopper?.Wait();
        return ending;
    }

    // From here on no reader is left for the command's output. The kernel has told the command so by SIGHUP, but as process 1 it may ignore that
    // without even a handler, and would run for ever.
    private static void EndAfterHangUp(RuntimeInvocation run)
    {
        const int GraceMilliseconds = 2000;
        if (ContainerPidFile.Read(run.PidFile) is not { } pid || ProcessCalls.OpenPidfd(pid) is not { } process)
            return;
        using (process)
        {
            if (ProcessCalls.AwaitEnd(process, GraceMilliseconds))
                return;
            if (run.Kill is { } kill)
                kill();
            else
                ProcessCalls.SendSignal(process, SignalNumber.SIGKILL);
        }
    }

    private static async Task<int> Watch(CommandTask<CommandResult> running, RuntimeInvocation run, CancellationTokenSource gone)
    {
        int status = run.Begun((await running.Task.ConfigureAwait(false)).ExitCode);
        await gone.CancelAsync().ConfigureAwait(false);
        return status;
    }
}
