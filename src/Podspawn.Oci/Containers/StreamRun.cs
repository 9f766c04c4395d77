using CliWrap;
using Podspawn.Oci.Native;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.Translation;

namespace Podspawn.Oci.Containers;

/// <summary>Runs a container on the caller's own standard streams.</summary>
internal static class StreamRun
{
    internal static RunOutcome Execute(RuntimeDriver driver, RuntimeCall call, NetworkMode network, ContainerPaths paths, bool interactive)
    {
        if (!interactive)
            StandardStreams.SilenceInput();
        bool detached = driver.Traits.LeavesContainerProcess;
        if (detached)
            ProcessCalls.BecomeSubreaper();
        IReadOnlyList<int> relayed = driver.Traits.SharesFileOffsets ? [] : StandardStreams.RegularFiles();
        CommandTask<CommandResult> running = RuntimeProcess.Start(
            driver.Program, driver.Run(call, network, paths.Directory, paths.PidFile, consoleSocket: null), AbandonedContainer.EnvironmentOf(paths),
            StandardStreams.HasControllingTerminal(), relayed);
        // Not awaited: this thread alone is in the mount namespace that the clean-up needs. What is relayed has to be through; otherwise
        // the kernel tells at once what CliWrap hears of over a signal and some threads, while it reaps the process beside us.
        int? seen = relayed.Count > 0 ? null : ProcessCalls.PeekExit(running.ProcessId)?.ShellStatus;
        int status = seen ?? running.GetAwaiter().GetResult().ExitCode;
        return detached && status == 0 ? RunOutcome.OfContainer(paths, driver.Traits) : new RunOutcome(status, RunEnd.Runtime);
    }
}
