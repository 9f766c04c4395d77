using CliWrap;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.Terminals;
using Podspawn.Oci.Translation;

namespace Podspawn.Oci.Containers;

/// <summary>Runs a container that has a terminal: the runtime makes it and hands us the master.</summary>
internal static class TerminalRun
{
    internal static RunOutcome Execute(RuntimeDriver driver, RuntimeCall call, NetworkMode network, ContainerPaths paths, bool interactive)
    {
        bool detached = driver.Traits.LeavesContainerProcess;
        using SafeFileHandle? input = interactive ? DescriptorCalls.Duplicate(0) : null;
        StandardStreams.SilenceInput();
        if (detached)
            ProcessCalls.BecomeSubreaper();

        using var socket = new ConsoleSocket(paths.ConsoleSocket);
        using var runtimeGone = new CancellationTokenSource();
        Task<int> running = Watch(
            RuntimeProcess.Start(
                driver.Program, driver.Run(call, network, paths.Directory, paths.PidFile, paths.ConsoleSocket), AbandonedContainer.EnvironmentOf(paths),
                StandardStreams.HasControllingTerminal(), relayed: []),
            runtimeGone);
        PtyMaster master;
        try
        {
            master = socket.AcceptMaster(runtimeGone.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or TerminalException)
        {
            // A runtime that failed may have connected and then sent nothing: what it says itself tells more.
            int failure = running.GetAwaiter().GetResult();
            if (failure == 0 && e is TerminalException)
                throw;
            return new RunOutcome(failure, RunEnd.Runtime);
        }
        using (master)
        {
            Relay(master, input, detached ? null : running, paths);
        }
        int status = running.GetAwaiter().GetResult();
        return detached && status == 0 ? RunOutcome.OfContainer(paths, driver.Traits) : new RunOutcome(status, RunEnd.Runtime);
    }

    /// <summary>Whether the caller's stdin can be the keyboard of a container's terminal.</summary>
    internal static bool InputIsTerminal() => TerminalSize.IsTerminal(0);

    private static void Relay(PtyMaster master, SafeFileHandle? input, Task<int>? running, ContainerPaths paths)
    {
        using var session = new TerminalSession(master, input is null ? null : (int)input.DangerousGetHandle(), stdoutFd: 1);
        using var ended = new CancellationTokenSource();
        // A runtime that stays ends with the command: what the terminal still holds then is all there is.
        Task? stopper = running?.ContinueWith(
            _ => session.Stop(drain: true), ended.Token, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        if (session.Run() == RelayEnding.HungUp)
            EndAfterHangUp(paths);
        // Closing the master hangs up on a command that goes on; only then may we wait for its end.
        if (stopper is not null && !running!.IsCompleted)
            ended.Cancel();
        else
            stopper?.Wait();
    }

    // Nobody sees what the command writes any more. The kernel has told it so by SIGHUP, but as process 1 it may pass over that without
    // even a handler, and would go on for good.
    private static void EndAfterHangUp(ContainerPaths paths)
    {
        const int SIGKILL = 9;
        const int GraceMilliseconds = 2000;
        if (InitProcess.Read(paths.PidFile) is not { } pid || ProcessCalls.OpenPidfd(pid) is not { } process)
            return;
        using (process)
        {
            Span<TerminalCalls.PollFd> ended = [new((int)process.DangerousGetHandle(), TerminalCalls.POLLIN)];
            if (TerminalCalls.Poll(ended, GraceMilliseconds) == 0)
                ProcessCalls.SendSignal(process, SIGKILL);
        }
    }

    private static async Task<int> Watch(CommandTask<CommandResult> running, CancellationTokenSource gone)
    {
        int status = (await running.Task.ConfigureAwait(false)).ExitCode;
        await gone.CancelAsync().ConfigureAwait(false);
        return status;
    }
}
