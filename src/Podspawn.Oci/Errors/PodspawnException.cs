namespace Podspawn.Oci.Errors;

/// <summary>What the library refuses or fails at: every exception of its own derives from this. Its message says what is wrong, where, and how to mend it.</summary>
/// <param name="message">One line, or one for each problem.</param>
/// <param name="exitStatus">The status that a program ends with for it: see <see cref="ExitCodes"/>.</param>
/// <param name="cause">What it came of, or null.</param>
public abstract class PodspawnException(string message, int exitStatus = ExitCodes.LaunchFailed, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>125, 126 or 127; 1 for what cannot be done to a container; 128 + n where signal n ended the work.</summary>
    public int ExitStatus { get; } = exitStatus;

    /// <summary>Every problem that was found, where they are told apart; empty where the message is all there is.</summary>
    public virtual IReadOnlyList<Problem> Problems => [];
}
