using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Cli;

/// <summary>A command line cannot be followed: a flag's value is wrong, flags exclude each other, or a word is missing.</summary>
/// <param name="message">The flag, what is wrong with it, and what to write instead.</param>
/// <param name="exitStatus">125, or 1 where docker uses that.</param>
internal sealed class UsageException(string message, int exitStatus = ExitCodes.LaunchFailed) : PodspawnException(message, exitStatus);
