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

    /// <summary>The command's exit status.</summary>
    /// <exception cref="RuntimeException">The command was not started.</exception>
    /// <exception cref="ContainerException">The container ended before the command was started.</exception>
    internal static int StatusOf(RunOutcome outcome, Container container, ExecProcess process, ExecFiles files, ExecShim? shim)
    {
        RuntimeDriver driver = container.Driver;
        if (outcome.Kind is ExitSource.Container or ExitSource.Detached && shim?.Failure(begins: outcome.Kind == ExitSource.Detached) is { } failure)
            throw Refused(container, process, failure.Stage, failure.Errno);
        if (outcome.Kind == ExitSource.NeverRan)
            throw Unfit(container, process, outcome.Said is { } said ? ExecErrors.In(said) : null);
        if (BeginFailure.IsOfCommand(outcome, driver) || BeginFailure.ErrorIn(driver, files.Log, outcome.Status) is not { } error)
            return outcome.Status;
        if (container.State.Process?.IsAlive() != true)
            return ContainerPidFile.Read(files.PidFile) is null ? throw LifecycleErrors.NotRunning(container.Name) : Killed;
        throw BeginFailure.OfRuntime(driver, error, process.Arguments[0]);
    }

    // The error that execve(2) returned to the shim.
    private static RuntimeException Refused(Container container, ExecProcess process, ExecShim.Stage stage, int errno)
    {
        if (stage == ExecShim.Stage.Directory)
        {
            string why = errno is Errno.EACCES or Errno.EPERM ? "may not be entered by the command's user" : "is not in the container any more";
            return BeginFailure.Explain($"working directory '{process.WorkingDirectory}' {why} ({Errno.Reason(errno)})", ExitCodes.LaunchFailed, container.Driver);
        }
        if (stage == ExecShim.Stage.Limit)
        {
            string hint = "try once more, or let its seccomp filter allow prlimit64";
            return BeginFailure.Explain($"the limit of open files that the container has cannot be set ({Errno.Reason(errno)}); {hint}", ExitCodes.LaunchFailed, container.Driver);
        }
        return Unfit(container, process, errno);
    }

    private static RuntimeException Unfit(Container container, ExecProcess process, int? errno)
    {
        using RootFilesystem root = ContainerRoot.Open(container);
        return BeginFailure.OfCommand(container.Driver, process.Arguments[0], errno ?? BeginFailure.ErrnoOfSize(process.Arguments, process.Environment),
            ExecDiagnosis.WhyRefused(root, process.Arguments[0], process.WorkingDirectory, process.Environment, []));
    }
}
