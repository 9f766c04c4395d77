using System.Globalization;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Lifecycle.Executing;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Cleanup;
using Podspawn.Oci.State.Store;
using Podspawn.Oci.Verification.Attacks;
using Podspawn.Oci.Verification.Expectations;

namespace Podspawn.Oci.Verification.Probing;

/// <summary>Starts the probe in its container once more, as <c>exec</c> starts any process: by the same process.json and the same call of the runtime.</summary>
internal static class ExecutedProbe
{
    /// <summary>Runs both processes, and passes on their reports.</summary>
    /// <param name="store">The store of the container.</param>
    /// <param name="paths">The container's paths.</param>
    /// <param name="expectation">What was asked for.</param>
    /// <param name="countsTasks">Whether the first process tries the limit on tasks.</param>
    /// <param name="say">Receives each line.</param>
    /// <param name="cancel">Ends the processes.</param>
    public static void Run(ContainerStore store, ContainerPaths paths, Expectation expectation, bool countsTasks, Action<string> say, CancellationToken cancel)
    {
        long tasks = ProbeReach.TasksOf(expectation);
        bool near = countsTasks && expectation.PidsLimit > 0 && tasks > expectation.PidsLimit && ProbeReach.TriesTasksOften(expectation);
        One(ExecutedProcess.Root, "0", near ? tasks : 0);
        One(ExecutedProcess.User, ExecutedProcess.OtherUser, 0);

        void One(string label, string user, long most)
        {
            try
            {
                if (Execute(store, paths, user, ["exec", label, most.ToString(CultureInfo.InvariantCulture)], say, cancel) is { } failure)
                    say($"exec\t{label}\tfailed\t{failure}");
            }
            catch (Exception e) when (e is ContainerException or RuntimeException or RootFilesystemException or IOException or OperationCanceledException)
            {
                say($"exec\t{label}\tfailed\t{e.Message}");
            }
        }
    }

    private static string? Execute(ContainerStore store, ContainerPaths paths, string user, string[] words, Action<string> say, CancellationToken cancel)
    {
        Container container = new ContainerRegistry(store).Find(Path.GetFileName(paths.Directory));
        ContainerProcess own = ContainerProcess.Read(File.ReadAllBytes(paths.Config));
        ExecProcess process = ExecPlanner.Plan(container, own, new ExecOptions { Command = [ProbeProgram.Path, .. words], User = user, WorkingDirectory = "/" });
        // The shim, which would set the limit of open files, is not between the runtime and the probe: nothing here depends on that limit.
        process.Directory?.Dispose();
        process = process with { Directory = null };
        using ExecFiles files = ExecFiles.Make(container);
        File.WriteAllBytes(files.Process, process.Serialize(own, container.Driver.Traits).Span);
        // Called in the launcher's mount namespace, which this thread is in.
        if (own.SeesRuntimeOf(container.Driver.Traits))
            files.CoverNullDevice();
        RuntimeCall call = container.Call with { Log = files.Log };
        // Started with the launcher's mark: the clean-up after a killed launcher finds the process by it.
        RuntimeAnswer answer = RuntimeInvoker.Call(
            container.Driver, container.Driver.Exec(call, files.Process, files.PidFile, files.InsidePidFile, null, detached: false), ContainerCleanup.EnvironmentOf(paths), cancel);
        foreach (string line in answer.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            say(line);
        if (answer.Status == 0)
            return null;
        string[] reasons = answer.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return RuntimeLog.Errors(files.Log) is [.., string last] ? last : reasons is [.., var reason] ? reason : $"ended with status {answer.Status}";
    }
}
