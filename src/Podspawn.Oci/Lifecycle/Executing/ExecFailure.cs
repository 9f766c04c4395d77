using Podspawn.Oci.Errors;
using Podspawn.Oci.Launching;
using Podspawn.Oci.Launching.Invocation;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.Native;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.State;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Lifecycle.Executing;

/// <summary>Tells a command that ended from a runtime that could not start it.</summary>
internal static class ExecFailure
{
    private const int Killed = ExitCodes.SignalBase + Signals.Kill;
    private const string Missing = "needs an interpreter or a loader that is not in the container";

    /// <summary>The command's exit status.</summary>
    /// <exception cref="RuntimeException">It was not started.</exception>
    /// <exception cref="ContainerException">The container has ended before it was started.</exception>
    internal static int StatusOf(RunOutcome outcome, Container container, ExecProcess process, ExecFiles files, ExecShim? shim)
    {
        RuntimeDriver driver = container.Driver;
        if (outcome.Kind is ExitSource.Container or ExitSource.Detached && shim?.Failure(begins: outcome.Kind == ExitSource.Detached) is { } failure)
            throw Refused(container, process, failure.Stage, failure.Errno);
        switch (outcome.Kind)
        {
            case ExitSource.NeverRan:
                throw Unfit(container, process);
            case ExitSource.Container or ExitSource.Detached:
            case ExitSource.Runtime when outcome.Status == 0:
            case ExitSource.Runtime when !driver.Traits.LeavesContainerProcess && outcome.Status != driver.Traits.LaunchFailureStatus:
                return outcome.Status;
        }
        string? logged = RuntimeLog.Errors(files.Log) is [.., string last] ? last : null;
        // Where the status may be the command's own, a runtime that started the command has logged no error.
        if (logged is null && !driver.Traits.LeavesContainerProcess)
            return outcome.Status;
        if (container.State.Process?.IsAlive() != true)
            return ContainerPidFile.Read(files.PidFile) is null ? throw LifecycleErrors.NotRunning(container.Name) : Killed;
        string error = logged ?? $"ended with status {outcome.Status} and gave no reason";
        throw LaunchFailure.Explain($"{driver.Traits.Name}: {error}", RuntimeLog.ExitStatusOf(error), driver);
    }

    // What execve(2) answered to the shim.
    private static RuntimeException Refused(Container container, ExecProcess process, ExecShim.Stage stage, int errno)
    {
        if (stage == ExecShim.Stage.Directory && errno is (Errno.EACCES or Errno.EPERM))
            return LaunchFailure.Explain($"working directory '{process.WorkingDirectory}' may not be entered by the command's user ({Errno.Text(errno)})", ExitCodes.LaunchFailed, container.Driver);
        if (stage == ExecShim.Stage.Directory)
            return LaunchFailure.Explain($"working directory '{process.WorkingDirectory}' is not in the container any more ({Errno.Text(errno)})", ExitCodes.LaunchFailed, container.Driver);
        if (errno is not (Errno.ENOENT or Errno.ENOTDIR))
            return LaunchFailure.Explain($"command '{process.Arguments[0]}' cannot be executed ({Errno.Text(errno)})", ExitCodes.NotExecutable, container.Driver);
        string what = NeedsWhatIsMissing(container, process) ? Missing : "is not found in the container";
        return LaunchFailure.Explain($"command '{process.Arguments[0]}' {what}", ExitCodes.NotFound, container.Driver);
    }

    private static RuntimeException Unfit(Container container, ExecProcess process)
    {
        bool missing = NeedsWhatIsMissing(container, process);
        return LaunchFailure.Explain(
            $"command '{process.Arguments[0]}' {(missing ? Missing : "cannot be executed")}", missing ? ExitCodes.NotFound : ExitCodes.NotExecutable, container.Driver);
    }

    private static bool NeedsWhatIsMissing(Container container, ExecProcess process)
    {
        using RootFilesystem root = ContainerRoot.Open(container);
        return ExecDiagnosis.NeedsWhatIsMissing(root, process.Arguments[0], process.WorkingDirectory, process.Environment, []);
    }
}
