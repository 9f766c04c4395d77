using Podspawn.Oci.Launching.Invocation;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Cleanup;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Launching;

/// <summary>Explains why a container's first command did not begin.</summary>
internal static class LaunchFailure
{
    /// <summary>What went wrong in the foreground; null where the exit status is the command's own.</summary>
    internal static RuntimeException? Of(LaunchPlan plan, ContainerPaths paths, RunOutcome outcome)
    {
        if (outcome.Kind == ExitSource.NeverRan)
            return Unfit(plan, outcome.Said);
        return BeginFailure.IsOfCommand(outcome, plan.Driver) ? null : Of(plan.Driver, paths, plan.Request.Arguments[0], outcome.Status, said: null);
    }

    /// <summary>What went wrong when the runtime's <c>create</c>, <c>start</c> or <c>run</c> failed; null where nothing did.</summary>
    /// <param name="driver">The runtime.</param>
    /// <param name="paths">The container's paths.</param>
    /// <param name="command">The container's command.</param>
    /// <param name="status">The runtime's exit status.</param>
    /// <param name="said">What the runtime wrote; null where it wrote directly to the user.</param>
    internal static RuntimeException? Of(RuntimeDriver driver, ContainerPaths paths, string command, int status, string? said) =>
        BeginFailure.ErrorIn(driver, paths.RuntimeLog, status, said) is { } error
            ? BeginFailure.OfRuntime(driver, error, command, driver.CauseOfFailure(RuntimeCleanup.CallFor(paths)))
            : null;

    private static RuntimeException Unfit(LaunchPlan plan, string? said)
    {
        LaunchRequest request = plan.Request;
        using RootFilesystem root = RootFilesystem.Open(request.RootPath);
        int? errno = (said is null ? null : ExecErrors.In(said)) ?? BeginFailure.ErrnoOfSize(request.Arguments, request.Environment);
        return BeginFailure.OfCommand(plan.Driver, request.Arguments[0], errno,
            ExecDiagnosis.WhyRefused(root, request.Arguments[0], request.WorkingDirectory, request.Environment, request.Volumes));
    }
}
