using Podspawn.Oci.Configuration;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Launching.Invocation;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Cleanup;
using Podspawn.Oci.Text;
using Podspawn.Oci.Translation;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Launching;

/// <summary>Tells a command that ended from a runtime that could not start it.</summary>
internal static class LaunchFailure
{
    /// <summary>What went wrong; null when the exit status is the command's own.</summary>
    internal static RuntimeException? Of(LaunchPlan plan, ContainerPaths paths, RunOutcome outcome)
    {
        RuntimeDriver driver = plan.Driver;
        switch (outcome.Kind)
        {
            case ExitSource.NeverRan:
                return Unfit(plan);
            case ExitSource.Container:
                return null;
            case ExitSource.Runtime when outcome.Status == 0:
            case ExitSource.Runtime when !driver.Traits.LeavesContainerProcess && outcome.Status != driver.Traits.LaunchFailureStatus:
                return null;
        }
        return Of(driver, paths, outcome.Status, said: null);
    }

    /// <summary>What went wrong when the runtime's <c>create</c>, <c>start</c> or <c>run</c> failed; null where nothing did.</summary>
    /// <param name="driver">The runtime.</param>
    /// <param name="paths">The container's paths.</param>
    /// <param name="status">The runtime's exit status.</param>
    /// <param name="said">What it said; null where it said it to the user.</param>
    internal static RuntimeException? Of(RuntimeDriver driver, ContainerPaths paths, int status, string? said)
    {
        string? logged = RuntimeLog.Errors(paths.RuntimeLog) is [.., string last] ? last : null;
        // Where the status may be the command's own, a runtime that started the command has logged no error.
        if (logged is null && said is null && !driver.Traits.LeavesContainerProcess)
            return null;
        string error = logged ?? said ?? $"ended with status {status} and gave no reason";
        string cause = driver.CauseOfFailure(RuntimeCleanup.CallFor(paths)) is { } found ? $" ({found})" : "";
        return Explain($"{driver.Traits.Name}: {error}{cause}", RuntimeLog.ExitStatusOf(error), driver);
    }

    private static RuntimeException Unfit(LaunchPlan plan)
    {
        LaunchRequest request = plan.Request;
        using RootFilesystem root = RootFilesystem.Open(request.RootPath);
        (string reason, bool missing) = ExecDiagnosis.WhyRefused(root, request.Arguments[0], request.WorkingDirectory, request.Environment, request.Volumes) ?? ("cannot be executed", false);
        return Explain($"command '{request.Arguments[0]}' {reason}", missing ? ExitCodes.NotFound : ExitCodes.NotExecutable, plan.Driver);
    }

    // The command's name is the image's own text, and the runtimes repeat it as it is.
    internal static RuntimeException Explain(string what, int exitStatus, RuntimeDriver driver) => new(
        Printable.Line(what) + exitStatus switch
        {
            ExitCodes.NotFound => "; check the command's name, its interpreter, and the PATH inside",
            ExitCodes.NotExecutable => "; check the command's mode, format and mount options",
            _ => $"; see what {driver.Program} says, and what the doctor verb says of this host",
        },
        exitStatus);
}
