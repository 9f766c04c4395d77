using Podspawn.Oci.Errors;
using Podspawn.Oci.Launching;
using Podspawn.Oci.Launching.Invocation;
using Podspawn.Oci.Native;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.State;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Lifecycle.Executing;

/// <summary>Explains why a command did not begin that exec was to start in a running container.</summary>
internal static class ExecFailure
{
    private const int Killed = ExitCodes.SignalBase + Signals.Kill;
    private const string Missing = "needs an interpreter or a loader that is not in the container";

    /// <summary>The command's exit status.</summary>
    /// <exception cref="RuntimeException">The command was not started.</exception>
    /// <exception cref="ContainerException">The container ended before the command was started.</exception>
    internal static int StatusOf(RunOutcome outcome, Container container, ExecProcess process, ExecFiles files, ExecShim? shim)
    {
        RuntimeDriver driver = container.Driver;
        if (outcome.Kind is ExitSource.Container or ExitSource.Detached && shim?.Failure(begins: outcome.Kind == ExitSource.Detached) is { } failure)
            throw Refused(container, process, failure.Stage, failure.Errno);
        if (outcome.Kind == ExitSource.NeverRan)
            throw Unfit(container, process);
        if (BeginFailure.IsOfCommand(outcome, driver) || BeginFailure.ErrorIn(driver, files.Log, outcome.Status) is not { } error)
            return outcome.Status;
        if (container.State.Process?.IsAlive() != true)
            return ContainerPidFile.Read(files.PidFile) is null ? throw LifecycleErrors.NotRunning(container.Name) : Killed;
        throw BeginFailure.OfRuntime(driver, error);
    }

    // The error that execve(2) returned to the shim.
    private static RuntimeException Refused(Container container, ExecProcess process, ExecShim.Stage stage, int errno)
    {
        if (stage == ExecShim.Stage.Directory)
        {
            string why = errno is Errno.EACCES or Errno.EPERM ? "may not be entered by the command's user" : "is not in the container any more";
            return BeginFailure.Explain($"working directory '{process.WorkingDirectory}' {why} ({Errno.Text(errno)})", ExitCodes.LaunchFailed, container.Driver);
        }
        if (errno is not (Errno.ENOENT or Errno.ENOTDIR))
            return BeginFailure.OfCommand(container.Driver, process.Arguments[0], $"cannot be executed ({Errno.Text(errno)})", missing: false);
        string what = NeedsWhatIsMissing(container, process) ? Missing : "is not found in the container";
        return BeginFailure.OfCommand(container.Driver, process.Arguments[0], what, missing: true);
    }

    private static RuntimeException Unfit(Container container, ExecProcess process)
    {
        bool missing = NeedsWhatIsMissing(container, process);
        return BeginFailure.OfCommand(container.Driver, process.Arguments[0], missing ? Missing : "cannot be executed", missing);
    }

    private static bool NeedsWhatIsMissing(Container container, ExecProcess process)
    {
        using RootFilesystem root = ContainerRoot.Open(container);
        return ExecDiagnosis.NeedsWhatIsMissing(root, process.Arguments[0], process.WorkingDirectory, process.Environment, []);
    }
}
