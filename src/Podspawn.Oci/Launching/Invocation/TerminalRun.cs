using CliWrap;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.State;
using Podspawn.Oci.Terminals;

namespace Podspawn.Oci.Launching.Invocation;

/// <summary>Runs a process of a container that has a terminal: the runtime makes it and hands us the master.</summary>
internal static class TerminalRun
{
    // The kernel hands over what was written to a terminal a moment later, from a work queue: it may come after the end of whoever wrote it.
    private const int LateBytesMilliseconds = 250;

    /// <summary>Returns when the process has ended and what it wrote was passed on, or the user leaves.</summary>
    /// <exception cref="ContainerException">What it wrote could not be passed on.</exception>
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
                // The command may write before its runtime is through: one that cannot write its pid file any more would end it.
                int failure = run.LeavesProcess ? running.GetAwaiter().GetResult() : 0;
                return failure == 0 ? new RunOutcome(0, ExitSource.Detached) : new RunOutcome(failure, ExitSource.Runtime);
            }
        }
        int status = running.GetAwaiter().GetResult();
        words.Tell();
        RunOutcome outcome = new(status, ExitSource.Runtime);
        if (run.LeavesProcess && status == 0)
        {
            // Whoever else waits for the process must have seen its end before it is reaped: after that its number may be another's.
            end?.Wait();
            outcome = RunOutcome.OfProcess(run.PidFile, run.Driver.Traits);
        }
        return lost is null ? outcome : throw new ContainerException(lost.Message);
    }

    /// <summary>Starts the runtime on the calling thread.</summary>
    /// <param name="run">What to run.</param>
    /// <param name="socket">What takes the terminal.</param>
    /// <param name="streams">The runtime's own standard streams.</param>
    /// <param name="receive">Waits for the terminal; null where the runtime failed before it sent one.</param>
    /// <returns>The runtime's exit status.</returns>
    internal static Task<int> Start(RuntimeInvocation run, ConsoleSocket socket, ChildStreams streams, out Func<PtyMaster?> receive)
    {
        var gone = new CancellationTokenSource();
        Task<int> running = Watch(run.Start(socket.Path, streams), run, gone);
        receive = () => Receive(socket, running, gone.Token);
        return running;
    }

    /// <summary>Whether the caller's stdin can be the keyboard of a container's terminal.</summary>
    internal static bool InputIsTerminal() => TerminalSize.IsTerminal(0);

    private static PtyMaster? Receive(ConsoleSocket socket, Task<int> running, CancellationToken gone)
    {
        try
        {
            return socket.AcceptMaster(gone);
        }
        catch (Exception e) when (e is OperationCanceledException or TerminalException)
        {
            // A runtime that failed may have connected and then sent nothing: what it says itself tells more.
            if (running.GetAwaiter().GetResult() == 0 && e is TerminalException)
                throw;
            return null;
        }
    }

    // What ends the relay where the terminal does not by itself: it stays while any process has it open, such as one that the command has left
    // behind and that passes over SIGHUP; and one that is handed to a kernel in user space may stay in any case. Null where nothing but the
    // terminal tells.
    private static Task? EndOf(RuntimeInvocation run, Task<int> running)
    {
        if (!run.LeavesProcess)
            return run.Driver.Traits.LeavesContainerProcess ? null : running;
        // A thread of its own: it blocks for as long as the command runs, and the pool may have no other one for the user's signals.
        return Task.Factory.StartNew(AwaitLeft, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        void AwaitLeft()
        {
            // Unlike a plain wait this throws nothing: whoever asks for the runtime's status hears of its failure.
            _ = Task.WaitAny(running);
            try
            {
                if (running.IsCompletedSuccessfully && running.Result == 0 && ContainerPidFile.Read(run.PidFile) is { } pid)
                    ProcessCalls.WaitExit(pid, reap: false);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Nothing is left to wait for. Whoever asks for the process's status hears why.
            }
        }
    }

    private static RelayEnding Relay(PtyMaster master, Task<int> runtime, Task? end, RuntimeInvocation run, out LostOutput? lost)
    {
        int grace = run.Driver.Traits.LeavesContainerProcess ? LateBytesMilliseconds : 0;
        using var session = new TerminalSession(master, run.Interactive ? 0 : null, stdoutFd: 1, run.Signals, run.DetachKeys);
        using var ended = new CancellationTokenSource();
        // What the terminal holds then, or is about to, is all there is.
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
        // Closing the master hangs up on a command that goes on; only then may we wait for its end.
        if (stopper is not null && !end!.IsCompleted)
            ended.Cancel();
        else
            stopper?.Wait();
        return ending;
    }

    // Nobody sees what the command writes any more. The kernel has told it so by SIGHUP, but as process 1 it may pass over that without
    // even a handler, and would go on for good.
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
