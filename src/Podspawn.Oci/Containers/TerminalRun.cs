using System.Globalization;
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
    /// <summary>The command's exit status, 128 + n when signal n ended it, or the runtime's when it could not start the command.</summary>
    internal static int Execute(RuntimeDriver driver, RuntimeCall call, NetworkMode network, ContainerPaths paths, bool interactive)
    {
        bool detached = !driver.Traits.ForegroundConsoleSocket;
        if (interactive && TerminalCalls.IsTerminal(0) == 0)
            throw new ContainerException("--tty: stdin is no terminal; leave --tty away, or --interactive");
        using SafeFileHandle? input = interactive ? DescriptorCalls.Duplicate(0) : null;
        StandardStreams.SilenceInput();
        if (detached)
            ProcessCalls.BecomeSubreaper();

        using var socket = new ConsoleSocket(paths.ConsoleSocket);
        using SafeFileHandle runtimeGone = DescriptorCalls.NewEvent();
        Task<int> running = Watch(
            RuntimeProcess.Start(
                driver.Program, driver.Run(call, network, paths.Directory, paths.PidFile, paths.ConsoleSocket), AbandonedContainer.MarkerOf(paths),
                StandardStreams.HasControllingTerminal(), relayed: []),
            runtimeGone);
        if (socket.ReceiveMaster(runtimeGone) is not { } master)
            return running.GetAwaiter().GetResult();

        using var session = new TerminalSession(master, input is null ? -1 : (int)input.DangerousGetHandle(), output: 1);
        // A runtime that stays ends with the command: what the terminal still holds then is all there is.
        if (!detached)
            _ = running.ContinueWith(_ => session.Stop(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        session.Run();
        int status = running.GetAwaiter().GetResult();
        return detached && status == 0 ? WaitForContainer(paths) : status;
    }

    private static async Task<int> Watch(CommandTask<CommandResult> running, SafeFileHandle gone)
    {
        int status = (await running.Task.ConfigureAwait(false)).ExitCode;
        DescriptorCalls.Signal(gone);
        return status;
    }

    // The runtime has left; the container's process is ours to wait for, since we are the subreaper.
    private static int WaitForContainer(ContainerPaths paths) =>
        int.TryParse(SmallFile.Read(paths.PidFile), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && ProcessCalls.WaitForExit(pid) is { } status
            ? status
            : throw new ContainerException("the runtime did not tell which process the container is; see what it says above");
}
