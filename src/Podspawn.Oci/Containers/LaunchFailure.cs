using Podspawn.Oci.Runtimes;

namespace Podspawn.Oci.Containers;

/// <summary>Tells a command that ended from a runtime that could not start it.</summary>
internal static class LaunchFailure
{
    /// <summary>What went wrong, from the runtime's log; null when the exit status is the command's own.</summary>
    internal static RuntimeException? Of(RuntimeDriver driver, ContainerPaths paths, int status)
    {
        // A runtime that leaves the container's process fails only when it could not start it. One that stays ends with the command's
        // status as well; but when it started the command it logs no error.
        bool stays = !driver.Traits.LeavesContainerProcess;
        if (status == 0 || (stays && status != driver.Traits.LaunchFailureStatus))
            return null;
        string? logged = RuntimeLog.Errors(paths.RuntimeLog) is [.., string last] ? last : null;
        if (stays && logged is null)
            return null;
        string error = logged ?? $"ended with status {status} and gave no reason";
        int exitStatus = RuntimeLog.ExitStatusOf(error);
        string mend = exitStatus switch
        {
            RuntimeException.NotFound => "check the command's name, its interpreter, and the PATH inside",
            RuntimeException.NotExecutable => "check the command's mode, format and mount options",
            _ => $"see what '{driver.Program}' says above, and what the doctor verb says of this host",
        };
        string cause = driver.CauseOfFailure(RuntimeRemains.CallFor(paths)) is { } found ? $" ({found})" : "";
        return new RuntimeException($"{driver.Traits.Name}: {error}{cause}; {mend}", exitStatus);
    }
}
