using Podspawn.Oci.Errors;
using Podspawn.Oci.Launching.Invocation;
using Podspawn.Oci.Native;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.Text;
using Podspawn.Oci.Translation;

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
    /// <param name="command">The command that it was to start.</param>
    /// <param name="cause">What its other records say beyond that; null for nothing.</param>
    internal static RuntimeException OfRuntime(RuntimeDriver driver, string error, string command, string? cause = null)
    {
        int status = RuntimeLog.ExitStatusOf(error);
        // crun's errors about a command do not always name it.
        bool unnamed = status != ExitCodes.LaunchFailed && !error.Contains(command, StringComparison.Ordinal);
        string what = $"{driver.Traits.Name}: {error}{(cause is null ? "" : $" ({cause})")}";
        return Explain(unnamed ? $"command '{command}': {what}" : what, status, driver, ExecErrors.AtEndOf(error));
    }

    /// <summary>The kernel refused the command.</summary>
    /// <param name="driver">The runtime.</param>
    /// <param name="command">The command's name.</param>
    /// <param name="errno">The error of execve(2); null where nobody has told it.</param>
    /// <param name="seen">What the root filesystem shows to be wrong with it, and whether something is missing; null for nothing.</param>
    internal static RuntimeException OfCommand(RuntimeDriver driver, string command, int? errno, (string Reason, bool NotFound)? seen)
    {
        string kernels = errno is { } number ? $" ({Errno.Reason(number)})" : "";
        (string what, bool missing) = errno switch
        {
            null => seen ?? ("cannot be executed", false),
            Errno.ENOENT or Errno.ENOTDIR => seen is { NotFound: true } ? seen.Value : ($"is not found in the container{kernels}", true),
            // What is seen explains these two; another error may have come before the kernel had looked at that.
            Errno.EACCES or Errno.ENOEXEC when seen is { NotFound: false } => ($"{seen.Value.Reason}{kernels}", false),
            _ => ($"cannot be executed{kernels}", false),
        };
        return Explain($"command '{command}' {what}", missing ? ExitCodes.NotFound : ExitCodes.NotExecutable, driver, errno);
    }

    /// <summary>The error of execve(2) that follows from the size of what the command is given, whoever could have told it; null for none.</summary>
    internal static int? ErrnoOfSize(IReadOnlyList<string> arguments, IReadOnlyList<string> environment) =>
        ExecLimits.AreTooMuch(arguments.Concat(environment), Limits.Stack()) ? Errno.E2BIG : null;

    /// <summary>The exception, with a hint for its exit status.</summary>
    /// <param name="what">What is wrong.</param>
    /// <param name="exitStatus">The exit status.</param>
    /// <param name="driver">The runtime.</param>
    /// <param name="errno">The error of execve(2); null for none.</param>
    internal static RuntimeException Explain(string what, int exitStatus, RuntimeDriver driver, int? errno = null) => new(
        // The command's name is text from the image, and the runtimes repeat it unchanged.
        Printable.Line(what) + exitStatus switch
        {
            ExitCodes.NotFound => "; check the command's name, its interpreter, and the PATH inside",
            ExitCodes.NotExecutable => HintOn(errno),
            _ => $"; see what {driver.Program} says, and what the doctor verb says of this host",
        },
        exitStatus);

    private static string HintOn(int? errno) => errno switch
    {
        Errno.E2BIG => "; shorten its arguments and its environment",
        Errno.ETXTBSY => "; let the process end that has it open for writing",
        Errno.ELOOP => "; check the links and the interpreters that it leads through",
        Errno.ENOMEM => "; give the container more memory",
        Errno.EAGAIN => "; let its user's other processes end, or raise their limit",
        _ => "; check the command's mode, format and mount options",
    };
}
