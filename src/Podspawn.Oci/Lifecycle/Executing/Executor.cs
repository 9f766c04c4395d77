using Podspawn.Oci.Errors;
using Podspawn.Oci.Launching.Invocation;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.Native;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Cleanup;
using Podspawn.Oci.State.Events;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Lifecycle.Executing;

/// <summary>Starts an additional process in a running container, hardened as the container's own is.</summary>
/// <param name="registry">The containers.</param>
/// <param name="source">The source of the signals that are forwarded to the process; null for none.</param>
public sealed class Executor(ContainerRegistry registry, ISignalSource? source)
{
    /// <summary>Runs the process on the caller's standard streams, or only starts it. The calling thread may enter its own mount namespace.</summary>
    /// <param name="name">The container's name or id.</param>
    /// <param name="options">The user's options.</param>
    /// <exception cref="ContainerException">There is no such container, or it does not run.</exception>
    /// <exception cref="RootFilesystemException">The container has no such user.</exception>
    /// <exception cref="RuntimeException">The command could not be started.</exception>
    public ExecResult Execute(string name, ExecOptions options)
    {
        if (options is { Detach: false, Terminal: true, Interactive: true } && !TerminalRun.InputIsTerminal())
            throw LifecycleErrors.Of($"{Setting.Tty}: stdin is no terminal; leave {Setting.Tty} away, or {Setting.Interactive}");
        Container container = Find(name);
        ContainerProcess own = ContainerProcess.Read(File.ReadAllBytes(container.Paths.Config));
        ExecProcess process = ExecPlanner.Plan(container, own, options);
        using ExecShim? shim = ShimOf(ref process);
        using ExecFiles files = ExecFiles.Make(container);
        File.WriteAllBytes(files.Process, process.Serialize(own, container.Driver.Traits).Span);
        Faults.Point("exec.written");
        ArrangeMounts(container.Driver, own, files);
        EventLog.Report(registry.Store, container.Definition, "exec");
        RuntimeInvocation run = RunOf(container, own, files, options, shim);
        using SignalForwarder signals = ForwarderOf(container, files, options, run);
        run = run with { Abandon = signals.Fatal };
        using var limit = new ExecTimeLimit(options.TimeLimit, signals);
        RunOutcome outcome = options.Detach ? DetachedRun.Execute(run, options.Terminal) : options.Terminal ? TerminalRun.Execute(run) : StreamRun.Execute(run);
        signals.StopDelivering();
        if (signals.GaveUp)
            return new ExecResult(ExitCodes.OfSignal(signals.LastFatalSignal), LeftByKeys: false) { TimedOut = limit.IsOver };
        if (options.Detach)
            return new ExecResult(ExecFailure.StatusOf(outcome, container, process, files, shim), LeftByKeys: false);
        try
        {
            int status = ExecFailure.StatusOf(outcome, container, process, files, shim);
            return new ExecResult(outcome.OutputAbandoned ? ExitCodes.OfSignal(signals.LastFatalSignal) : status, outcome.Kind == ExitSource.Detached) { TimedOut = limit.IsOver };
        }
        catch (RuntimeException) when (signals.LastFatalSignal > 0)
        {
            return new ExecResult(ExitCodes.OfSignal(signals.LastFatalSignal), LeftByKeys: false) { TimedOut = limit.IsOver };
        }
    }

    // At the root the shim only tells why the kernel refuses the command, and mends a limit, which a host without programs in memory has to do without.
    private static ExecShim? ShimOf(ref ExecProcess process)
    {
        if (process.Directory is not { } directory)
            return null;
        try
        {
            return new ExecShim(directory, process.PreservedDescriptors);
        }
        catch (ContainerException) when (WorkingDirectory.IsRoot(process.WorkingDirectory))
        {
            directory.Dispose();
            process = process with { Directory = null };
            return null;
        }
    }

    // A process in the background gets no signal from us: signals that come while it is started are for the runtime.
    private SignalForwarder ForwarderOf(Container container, ExecFiles files, ExecOptions options, RuntimeInvocation run)
    {
        bool GiveUp() => HangingRuntime.End(run.Environment);
        return options.Detach
            ? new SignalForwarder(source, _ => false, options.Terminal, GiveUp)
            : new SignalForwarder(source, container.Driver.Traits, files.PidFile, signal => AskRuntime(container, files, signal), options.Terminal, GiveUp);
    }

    private Container Find(string name)
    {
        Container container = registry.Find(name);
        // A container in the foreground has no process before its runtime has recorded it.
        if (container is { Definition.Foreground: true, HasProcess: false }
            && ContainerPidFile.Await(container.Paths.PidFile, () => registry.Store.IsRunning(container.Id)) is not null)
        {
            container = registry.Find(name);
        }
        _ = container.RequireGoing();
        return container;
    }

    private RuntimeInvocation RunOf(Container container, ContainerProcess own, ExecFiles files, ExecOptions options, ExecShim? shim)
    {
        RuntimeDriver driver = container.Driver;
        RuntimeCall call = container.Call with { Log = files.Log, Grants = own.Grants };
        bool leaves = driver.Traits.LeavesContainerProcess || options.Detach || (options.Terminal && !driver.Traits.StayingExecTakesTerminal);
        return new RuntimeInvocation
        {
            Driver = driver,
            Umask = own.Umask,
            Program = shim?.Program,
            Arguments = socket => shim is null
                ? driver.Exec(call, files.Process, files.PidFile, files.InsidePidFile, socket, leaves, options.PreservedDescriptors)
                : shim.Launching(driver.Program, driver.Exec(call, files.Process, files.PidFile, files.InsidePidFile, socket, leaves, shim.PreservedDescriptors)),
            PreservedDescriptors = options.PreservedDescriptors,
            PidFile = files.PidFile,
            ConsoleSocket = files.ConsoleSocket,
            Environment = ContainerCleanup.EnvironmentOf(container.Paths),
            LeavesProcess = leaves,
            Interactive = options.Interactive,
            Signals = source,
            DetachKeys = options.DetachKeys,
            Kill = driver.Traits.LeavesContainerProcess ? null : () => AskRuntime(container, files, Signals.Kill),
        };
    }

    // The calling thread stays in that namespace: what it starts later belongs to this run as well.
    private static void ArrangeMounts(RuntimeDriver driver, ContainerProcess own, ExecFiles files)
    {
        // Such a container sees the files that its runtime has open: here that is a null device for this command alone.
        bool covers = own.SeesRuntimeOf(driver.Traits);
        if (covers || RuntimeInvoker.NeedsOwnMounts(driver.Traits))
            RuntimeInvoker.Enter(driver);
        if (covers)
            files.CoverNullDevice();
    }

    private static void AskRuntime(Container container, ExecFiles files, int signal)
    {
        if (ContainerPidFile.Read(files.InsidePidFile) is { } inside)
            RuntimeInvoker.TryCall(container.Driver, container.Driver.KillInside(container.Call, inside, signal));
    }
}

/// <summary>How an <c>exec</c> ended.</summary>
/// <param name="Status">The command's exit status, 128 + n for signal n; 0 for a command that continues.</param>
/// <param name="LeftByKeys">Whether the user has detached by the detach keys.</param>
public sealed record ExecResult(int Status, bool LeftByKeys)
{
    /// <summary>Whether the command was killed at its time limit.</summary>
    public bool TimedOut { get; init; }
}
