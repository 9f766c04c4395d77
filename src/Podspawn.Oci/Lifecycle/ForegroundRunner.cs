using System.Globalization;
using Podspawn.Oci.Containers;
using Podspawn.Oci.Containers.Records;
using Podspawn.Oci.Lifecycle.Events;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.Translation;

namespace Podspawn.Oci.Lifecycle;

/// <summary>Runs containers in the foreground, and tells those who watch for events of it.</summary>
public sealed class ForegroundRunner(ContainerStore store)
{
    /// <summary>Runs one to its end.</summary>
    /// <returns>The command's exit status, or 128 + n when signal n ended it.</returns>
    /// <inheritdoc cref="Launcher.Run(LaunchOptions, Action{IReadOnlyList{Note}})"/>
    public int Run(LaunchOptions options, Action<IReadOnlyList<Note>> tell)
    {
        var reporter = new Reporter(store);
        int status = RuntimeException.LaunchFailed;
        try
        {
            return status = new Launcher(store).Run(options, tell, reporter);
        }
        catch (RuntimeException e)
        {
            status = e.ExitStatus;
            throw;
        }
        finally
        {
            reporter.Ended(status);
        }
    }

    private sealed class Reporter(ContainerStore store) : ILaunchAttendant
    {
        private ContainerDefinition? begun;

        public void Planned(LaunchPlan plan, TranslationResult translation)
        {
        }

        public void Prepare(ContainerPaths paths)
        {
        }

        // The runtime is called next: it alone sees the command begin.
        public void Begin(ContainerPaths paths, ContainerDefinition definition, Action kill)
        {
            begun = definition;
            EventLog.Report(store, definition, "create");
            EventLog.Report(store, definition, "start");
        }

        public void End(ContainerPaths paths)
        {
        }

        internal void Ended(int status)
        {
            if (begun is null)
                return;
            EventLog.Report(store, begun, "die", ("exitCode", status.ToString(CultureInfo.InvariantCulture)));
            EventLog.Report(store, begun, "remove");
        }
    }
}
