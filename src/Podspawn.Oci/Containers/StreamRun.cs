using CliWrap;
using Podspawn.Oci.Native;
using Podspawn.Oci.Runtimes;

namespace Podspawn.Oci.Containers;

/// <summary>Runs a process of a container on the caller's own standard streams.</summary>
internal static class StreamRun
{
    internal static RunOutcome Execute(ForegroundRun run)
    {
        if (!run.Interactive)
            StandardStreams.SilenceInput();
        RuntimeDriver driver = run.Driver;
        if (run.LeavesProcess)
            ProcessCalls.BecomeSubreaper();
        IReadOnlyList<int> relayed = driver.Traits.SharesFileOffsets ? [] : StandardStreams.RegularFiles();
        CommandTask<CommandResult> running = RuntimeProcess.Start(run.Program, run.Arguments(null), run.Environment, StandardStreams.HasControllingTerminal(), relayed);
        // Not awaited: this thread alone is in the mount namespace that the clean-up needs. What is relayed has to be through; otherwise
        // the kernel tells at once what CliWrap hears of over a signal and some threads, while it reaps the process beside us.
        int? seen = relayed.Count > 0 ? null : ProcessCalls.PeekExit(running.ProcessId)?.ShellStatus;
        int status = run.Begun(seen ?? running.GetAwaiter().GetResult().ExitCode);
        return run.LeavesProcess && status == 0 ? RunOutcome.OfProcess(run.PidFile, driver.Traits) : new RunOutcome(status, RunEnd.Runtime);
    }
}
