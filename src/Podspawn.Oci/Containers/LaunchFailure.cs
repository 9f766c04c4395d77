using Podspawn.Oci.Runtimes;

namespace Podspawn.Oci.Containers;

/// <summary>Tells a command that ended from a runtime that could not start it.</summary>
internal static class LaunchFailure
{
    /// <summary>What went wrong, from the runtime's log; null when the exit status is the command's own.</summary>
    internal static RuntimeException? Of(RuntimeDriver driver, ContainerPaths paths, int status)
    {
        if (status != driver.Traits.LaunchFailureStatus)
            return null;
        // A runtime that started the command logs no error; the command's own status 1 comes with an empty log.
        if (RuntimeLog.Errors(paths.RuntimeLog) is not [.., string error])
            return null;
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
