using System.Globalization;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Launching;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.Native;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Cleanup;
using Podspawn.Oci.State.Events;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.State.Store;
using Podspawn.Oci.Translation;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Lifecycle;

/// <summary>Runs containers in the foreground, and records their events.</summary>
/// <param name="store">Where they are.</param>
/// <param name="runner">Starts the containers that one needs.</param>
public sealed class ForegroundRunner(ContainerStore store, ContainerRunner runner)
{
    /// <summary>Runs a container to its end. Blocks the calling thread, which enters its own mount namespace and stays there.</summary>
    /// <param name="options">The user's options.</param>
    /// <param name="onNote">Receives the notes, before anything runs.</param>
    /// <returns>The command's exit status, or 128 + n when signal n ended it.</returns>
    public int Run(LaunchOptions options, Action<IReadOnlyList<Note>> onNote)
    {
        NameReplacement.Check(options);
        var reporter = new Reporter(store, runner, options, onNote);
        int status = ExitCodes.LaunchFailed;
        try
        {
            return status = new Launcher(store).Run(options, onNote, reporter);
        }
        catch (PodspawnException e)
        {
            // The container is gone, and mostly no command has run in it: whoever reads the file would look for it in vain.
            options.IdFile?.Withdraw();
            if (e is RuntimeException)
                status = e.ExitStatus;
            throw;
        }
        finally
        {
            reporter.Ended(status);
        }
    }

    private sealed class Reporter(ContainerStore store, ContainerRunner runner, LaunchOptions options, Action<IReadOnlyList<Note>> onNote) : ILaunchHooks
    {
        private ContainerDefinition? begun;
        private bool starved;

        public void Planned(LaunchPlan plan, TranslationResult translation)
        {
            onNote([.. HealthNotes.OfForeground(plan.Health, options.Health)]);
            NameReplacement.Make(new ContainerRegistry(store), options);
            runner.StartRequired(plan.Request.ContainerId, plan.Requires, onNote);
        }

        // The runtime is called next: only the runtime sees the command begin.
        public void Begin(ContainerPaths paths, ContainerDefinition definition, Action kill)
        {
            options.IdFile?.Write(definition.Id);
            begun = definition;
            EventLog.Report(store, definition, "create");
            EventLog.Report(store, definition, "start");
        }

        public void End(ContainerPaths paths) => starved = MemoryKills.Any(begun?.Cgroup);

        internal void Ended(int status)
        {
            if (begun is null)
                return;
            if (starved)
                EventLog.Report(store, begun, "oom");
            EventLog.Report(store, begun, "die", ("exitCode", status.ToString(CultureInfo.InvariantCulture)));
            EventLog.Report(store, begun, "remove");
            if (starved && status == ExitCodes.OfSignal(SignalNumber.SIGKILL))
                onNote([new Note("", NoteSeverity.Warning, $"the kernel has killed the command for lack of memory; allow it more with {Setting.Memory}")]);
        }
    }
}
