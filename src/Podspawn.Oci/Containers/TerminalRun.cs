using CliWrap;
using Podspawn.Oci.Native;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.Terminals;

namespace Podspawn.Oci.Containers;

/// <summary>Runs a process of a container that has a terminal: the runtime makes it and hands us the master.</summary>
internal static class TerminalRun
{
    internal static RunOutcome Execute(ForegroundRun run)
    {
        if (run.LeavesProcess)
            ProcessCalls.BecomeSubreaper();

        using var socket = new ConsoleSocket(run.ConsoleSocket);
        using RuntimeWords words = RuntimeWords.Make(run);
        Task<int> running = Start(run, socket, words.Streams, out Func<PtyMaster?> receive);
        if (receive() is not { } master)
        {
            int failed = running.GetAwaiter().GetResult();
            words.Tell();
            return new RunOutcome(failed, RunEnd.Runtime);
        }
        using (master)
        {
            if (Relay(master, running, run) == RelayEnding.Detached)
            {
                TerminalHolder.Keep(master, run.Environment);
                // The command may write before its runtime is through: one that cannot write its pid file any more would end it.
                int failure = run.LeavesProcess ? running.GetAwaiter().GetResult() : 0;
                return failure == 0 ? new RunOutcome(0, RunEnd.Detached) : new RunOutcome(failure, RunEnd.Runtime);
            }
        }
        int status = running.GetAwaiter().GetResult();
        words.Tell();
        return run.LeavesProcess && status == 0 ? RunOutcome.OfProcess(run.PidFile, run.Driver.Traits) : new RunOutcome(status, RunEnd.Runtime);
    }

    /// <summary>Starts the runtime on the calling thread.</summary>
    /// <param name="run">What to run.</param>
    /// <param name="socket">What takes the terminal.</param>
    /// <param name="streams">The runtime's own standard streams.</param>
    /// <param name="receive">Waits for the terminal; null where the runtime failed before it sent one.</param>
    /// <returns>The runtime's exit status.</returns>
    internal static Task<int> Start(ForegroundRun run, ConsoleSocket socket, ChildStreams streams, out Func<PtyMaster?> receive)
    {
        var gone = new CancellationTokenSource();
        Task<int> running = Watch(
            RuntimeProcess.Start(run.Program, run.Arguments(socket.Path), run.Environment, CallersTerminal.IsControlling(), streams), run, gone);
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

    // A terminal of the host's kernel ends with its session. One that is handed to a kernel in user space may not: there it ends with whoever
    // stands for the command.
    private static Task<int>? EndOf(ForegroundRun run, Task<int> running)
    {
        if (run.Driver.Traits.LeavesContainerProcess)
            return null;
        return run.LeavesProcess ? AwaitLeft() : running;

        async Task<int> AwaitLeft()
        {
            int status = await running.ConfigureAwait(false);
            return status == 0 && InitProcess.Read(run.PidFile) is { } pid ? ProcessCalls.WaitExit(pid, reap: false).ShellStatus : status;
        }
    }

    private static RelayEnding Relay(PtyMaster master, Task<int> runtime, ForegroundRun run)
    {
        Task<int>? running = EndOf(run, runtime);
        using var session = new TerminalSession(master, run.Interactive ? 0 : null, stdoutFd: 1, run.DetachKeys);
        using var ended = new CancellationTokenSource();
        // What the terminal holds then is all there is.
        Task? stopper = running?.ContinueWith(
            _ => session.Stop(drain: true), ended.Token, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        RelayEnding ending = session.Run();
        if (ending == RelayEnding.HungUp)
        {
            if (run.LeavesProcess)
                runtime.GetAwaiter().GetResult();
            EndAfterHangUp(run);
        }
        // Closing the master hangs up on a command that goes on; only then may we wait for its end.
        if (stopper is not null && !running!.IsCompleted)
            ended.Cancel();
        else
            stopper?.Wait();
        return ending;
    }

    // Nobody sees what the command writes any more. The kernel has told it so by SIGHUP, but as process 1 it may pass over that without
    // even a handler, and would go on for good.
    private static void EndAfterHangUp(ForegroundRun run)
    {
        const int SIGKILL = 9;
        const int GraceMilliseconds = 2000;
        if (InitProcess.Read(run.PidFile) is not { } pid || ProcessCalls.OpenPidfd(pid) is not { } process)
            return;
        using (process)
        {
            if (ProcessCalls.AwaitEnd(process, GraceMilliseconds))
                return;
            if (run.Kill is { } kill)
                kill();
            else
                ProcessCalls.SendSignal(process, SIGKILL);
        }
    }

    private static async Task<int> Watch(CommandTask<CommandResult> running, ForegroundRun run, CancellationTokenSource gone)
    {
        int status = run.Begun((await running.Task.ConfigureAwait(false)).ExitCode);
        await gone.CancelAsync().ConfigureAwait(false);
        return status;
    }
}
