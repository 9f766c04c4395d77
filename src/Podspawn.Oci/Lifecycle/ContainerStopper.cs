using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Native;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Events;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Lifecycle;

/// <summary>Sends signals to containers, stops and removes them.</summary>
public sealed class ContainerStopper(ContainerRegistry registry)
{
    private static readonly TimeSpan PatienceWithDying = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PatienceAfterKill = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Sends a signal to a container's first process. SIGKILL and the container's own stop signal are a stop as well: they call off a restart that is due.
    /// </summary>
    /// <exception cref="ContainerException">The container does not run, or the runtime failed.</exception>
    public void Kill(Container container, int signal)
    {
        if (Sendable(container.Driver.Traits, signal) != signal)
            throw LifecycleErrors.Of($"container '{container.Name}': {container.Driver.Traits.Name} sends no real-time signals, and so no {Signals.Name(signal)}; send another");
        bool ends = Ends(container, signal);
        (Container now, bool calledOff) = ends && !container.Definition.Foreground ? RequestStop(container) : (container, false);
        if (!calledOff)
            _ = now.RequireProcess();
        Send(now, signal, ends);
        EventLog.Report(registry.Store, now.Definition, "kill", ("signal", Signals.Name(signal)));
    }

    /// <summary>Stops a container: by its stop signal, and after a timeout by SIGKILL. A stopped container stays as it is.</summary>
    /// <param name="container">The container.</param>
    /// <param name="seconds">The timeout; negative for no limit, null for the container's own.</param>
    /// <returns>The signal that did not end it in time, so that it was killed; null where it ended by itself, or was to be killed at once.</returns>
    /// <exception cref="ContainerException">The container does not end.</exception>
    public UnheededSignal? Stop(Container container, int? seconds)
    {
        UnheededSignal? unheeded = null;
        (Container now, bool calledOff) = RequestStop(container, ProcessIdentity.Of(Environment.ProcessId));
        if (now.HasProcess && now.State.Process is { } process)
        {
            int timeout = seconds ?? now.Definition.Lifecycle.StopTimeoutSeconds;
            Faults.Point("stop.requested");
            Send(now, StopSignalOf(now), ends: true);
            Faults.Point("stop.signalled");
            bool ended = ProcessTermination.Await(process, timeout < 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(timeout));
            if (!ended)
                Send(now, Signals.Kill, ends: true);
            Faults.Point("stop.killed");
            if (!ended)
                RequireEnd(now, process);
            unheeded = ended || timeout == 0 ? null : new UnheededSignal(StopSignalOf(now), timeout);
        }
        AwaitSettled(now);
        if (now.HasProcess || calledOff)
            EventLog.Report(registry.Store, now.Definition, "stop");
        return unheeded;
    }

    /// <summary>Removes a container.</summary>
    /// <param name="container">The container.</param>
    /// <param name="force">Whether a running container is killed first.</param>
    /// <param name="volumes">Whether the volumes that have no name of the user's go with it, unless another container uses them.</param>
    /// <exception cref="ContainerException">The container runs and force is false, or it does not end.</exception>
    public void Remove(Container container, bool force, bool volumes = false)
    {
        if (container.Definition.Foreground)
        {
            if (!force)
                throw LifecycleErrors.InUse($"container '{container.Name}' runs in the foreground of the command that launched it, and goes with its end; stop it, or force its " +
                    $"removal with {Setting.Force}");
            Stop(container, seconds: 0);
            return;
        }
        // With force, a container that is being removed at this moment by itself also counts as removed.
        using LockedContainer? held = force ? registry.Hold(container) : registry.Require(container);
        if (held is null || !Reconciler.Settle(held))
            return;
        if (!force && (held.Now.HasProcess || held.State.Status == ContainerStatus.Restarting))
        {
            string word = StatusWords.Of(held.State.Status);
            throw LifecycleErrors.InUse(
                $"cannot remove container {container.Id} as it is {word} - running or paused containers cannot be removed without force: container state improper");
        }
        // From here on no policy restarts the container, and every waiting process learns of its end.
        StopWish.Record(held);
        if (held.State.Process is { } process && held.Now.HasProcess)
        {
            Send(held.Now, Signals.Kill, ends: true);
            Faults.Point("rm.killed");
            RequireEnd(container, process);
            if (!Reconciler.Settle(held))
                return;
        }
        if (volumes)
            ContainerRemover.LetVolumesGo(held);
        ContainerRemover.Remove(held);
    }

    // Called after SIGKILL.
    private static void RequireEnd(Container container, ProcessIdentity process)
    {
        if (!ProcessTermination.Await(process, PatienceAfterKill))
            throw LifecycleErrors.Of($"container '{container.Name}': process {process.Pid} does not end after SIGKILL; look what keeps it (a hung disk or network mount), and " +
                $"try again");
    }

    // The container as it was when the wish was recorded, and whether a restart was due.
    private (Container Now, bool CalledOff) RequestStop(Container container, ProcessIdentity? stopper = null)
    {
        if (container.Definition.Foreground)
            return (registry.Read(container.Id) ?? throw LifecycleErrors.NoSuch(container.Name), false);
        using LockedContainer held = registry.RequireSettled(container);
        bool calledOff = StopWish.Record(held, stopper);
        return (held.Now, calledOff);
    }

    private static bool Ends(Container container, int signal) => signal == Signals.Kill || signal == StopSignalOf(container);

    private static int StopSignalOf(Container container) => Sendable(container.Driver.Traits, container.Definition.Lifecycle.StopSignal ?? Signals.Terminate);

    /// <summary>The signal that stops a container under a runtime in place of one that the runtime cannot send.</summary>
    internal static int Sendable(RuntimeTraits runtime, int signal) => !runtime.SendsRealTimeSignals && Signals.IsRealTime(signal) ? Signals.Terminate : signal;

    private void AwaitSettled(Container container)
    {
        if (container.Definition.Foreground)
        {
            if (container.State.Monitor is { } launcher)
                ProcessTermination.Await(launcher, PatienceAfterKill);
            return;
        }
        using LockedContainer? held = registry.Hold(container);
        if (held is not null)
            Reconciler.Settle(held);
    }

    private static void Send(Container container, int signal, bool ends)
    {
        bool thaws = container.State.Status == ContainerStatus.Paused && (ends || signal == Signals.Terminate);
        bool direct = container.Driver.Traits.LeavesContainerProcess;
        // A pending signal is delivered before the process does anything else; but a runtime sends none to a frozen process.
        if (thaws && !direct)
            Freezer.Thaw(container);
        if (direct)
        {
            using SafeFileHandle? process = container.State.Process?.Open();
            if (process is not null)
                ProcessCalls.SendSignal(process, signal);
        }
        else if (container.State.Process is { } sandbox && sandbox.IsAlive())
        {
            try
            {
                RuntimeCalls.Do(container, $"send {signal.ToString(CultureInfo.InvariantCulture)} to", container.Driver.Kill(container.Call, signal));
            }
            catch (ContainerException) when (ProcessTermination.Await(sandbox, PatienceWithDying))
            {
                // The process was about to end, and accepted no more calls.
            }
        }
        if (thaws && direct)
            Freezer.Thaw(container);
    }
}

/// <summary>A stop signal that did not end a container.</summary>
/// <param name="Signal">Its number.</param>
/// <param name="Seconds">How long the container was given.</param>
public sealed record UnheededSignal(int Signal, int Seconds);
