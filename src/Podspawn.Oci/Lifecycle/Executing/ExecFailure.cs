using Podspawn.Oci.Containers;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.Runtimes;

namespace Podspawn.Oci.Lifecycle.Executing;

/// <summary>Tells a command that ended from a runtime that could not start it.</summary>
internal static class ExecFailure
{
    private const int Killed = 128 + 9;

    /// <summary>The command's exit status.</summary>
    /// <exception cref="RuntimeException">It was not started.</exception>
    /// <exception cref="ContainerException">The container has ended before it was started.</exception>
    internal static int StatusOf(RunOutcome outcome, Container container, ExecProcess process, ExecFiles files)
    {
        RuntimeDriver driver = container.Driver;
        switch (outcome.Kind)
        {
            case RunEnd.NeverRan:
                throw Unfit(container, process);
            case RunEnd.Container or RunEnd.Detached:
            case RunEnd.Runtime when outcome.Status == 0:
            case RunEnd.Runtime when !driver.Traits.LeavesContainerProcess && outcome.Status != driver.Traits.LaunchFailureStatus:
                return outcome.Status;
        }
        string? logged = RuntimeLog.Errors(files.Log) is [.., string last] ? last : null;
        // Where the status may be the command's own, a runtime that started the command has logged no error.
        if (logged is null && !driver.Traits.LeavesContainerProcess)
            return outcome.Status;
        if (container.State.Process?.IsAlive() != true)
            return InitProcess.Read(files.PidFile) is null ? throw LifeFailure.NotRunning(container.Name) : Killed;
        string error = logged ?? $"ended with status {outcome.Status} and gave no reason";
        throw LaunchFailure.Explain($"{driver.Traits.Name}: {error}", RuntimeLog.ExitStatusOf(error), driver);
    }

    private static RuntimeException Unfit(Container container, ExecProcess process)
    {
        using RootFilesystem root = ContainerRoot.Open(container);
        bool missing = ExecDiagnosis.NeedsWhatIsMissing(root, process.Arguments[0], process.WorkingDirectory, process.Environment, []);
        string what = missing ? "needs an interpreter or a loader that is not in the container" : "cannot be executed";
        return LaunchFailure.Explain($"command '{process.Arguments[0]}' {what}", missing ? RuntimeException.NotFound : RuntimeException.NotExecutable, container.Driver);
    }
}
