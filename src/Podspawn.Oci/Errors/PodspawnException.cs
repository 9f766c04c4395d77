namespace Podspawn.Oci.Errors;

/// <summary>The base of every exception of the library. The message says what is wrong and where, with a hint to fix it.</summary>
/// <param name="message">One line, or one for each problem.</param>
/// <param name="exitStatus">The exit status for a program: see <see cref="ExitCodes"/>.</param>
/// <param name="cause">The exception that caused it, or null.</param>
public abstract class PodspawnException(string message, int exitStatus = ExitCodes.LaunchFailed, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>125, 126 or 127; 1 for an operation that a container does not allow; 128 + n where signal n ended the work.</summary>
    public int ExitStatus { get; } = exitStatus;

    /// <summary>Every problem that was found, where they are separate; empty where there is only the message.</summary>
    public virtual IReadOnlyList<Problem> Problems => [];
}
