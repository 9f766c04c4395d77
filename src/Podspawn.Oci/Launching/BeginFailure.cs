using Podspawn.Oci.Errors;
using Podspawn.Oci.Launching.Invocation;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Launching;

/// <summary>
/// Distinguishes a command that ended from one that never began, and explains why: common to a container's first command
/// (<see cref="LaunchFailure"/>) and to those that exec starts.
/// </summary>
internal static class BeginFailure
{
    /// <summary>Whether the exit status is certainly the command's own; otherwise the runtime's log decides.</summary>
    internal static bool IsOfCommand(RunOutcome outcome, RuntimeDriver driver) => outcome.Kind switch
    {
        ExitSource.Container or ExitSource.Detached => true,
        ExitSource.Runtime => outcome.Status == 0 || (!driver.Traits.LeavesContainerProcess && outcome.Status != driver.Traits.LaunchFailureStatus),
        _ => false,
    };

    /// <summary>Why the runtime failed; null where it did not, and the status is that of the command that it started.</summary>
    /// <param name="driver">The runtime.</param>
    /// <param name="log">Its log.</param>
    /// <param name="status">Its exit status.</param>
    /// <param name="said">What the runtime wrote; null where it wrote directly to the user.</param>
    internal static string? ErrorIn(RuntimeDriver driver, string log, int status, string? said = null)
    {
        string? error = (RuntimeLog.Errors(log) is [.., string last] ? last : null) ?? said;
        // Where the status may be the command's own: a runtime that started the command has logged no error.
        if (error is null && !driver.Traits.LeavesContainerProcess)
            return null;
        return error ?? $"ended with status {status} and gave no reason";
    }

    /// <summary>The runtime failed.</summary>
    /// <param name="driver">The runtime.</param>
    /// <param name="error">What <see cref="ErrorIn"/> found.</param>
    /// <param name="cause">What its other records say beyond that; null for nothing.</param>
    internal static RuntimeException OfRuntime(RuntimeDriver driver, string error, string? cause = null) =>
        Explain($"{driver.Traits.Name}: {error}{(cause is null ? "" : $" ({cause})")}", RuntimeLog.ExitStatusOf(error), driver);

    /// <summary>The kernel refused the command.</summary>
    /// <param name="driver">The runtime.</param>
    /// <param name="command">The command's name.</param>
    /// <param name="what">What is wrong with it, as in "is not found".</param>
    /// <param name="missing">Whether the command, or something that it needs, does not exist.</param>
    internal static RuntimeException OfCommand(RuntimeDriver driver, string command, string what, bool missing) =>
        Explain($"command '{command}' {what}", missing ? ExitCodes.NotFound : ExitCodes.NotExecutable, driver);

    /// <summary>The exception, with a hint for its exit status.</summary>
    internal static RuntimeException Explain(string what, int exitStatus, RuntimeDriver driver) => new(
        // The command's name is text from the image, and the runtimes repeat it unchanged.
        Printable.Line(what) + exitStatus switch
        {
            ExitCodes.NotFound => "; check the command's name, its interpreter, and the PATH inside",
            ExitCodes.NotExecutable => "; check the command's mode, format and mount options",
            _ => $"; see what {driver.Program} says, and what the doctor verb says of this host",
        },
        exitStatus);
}
