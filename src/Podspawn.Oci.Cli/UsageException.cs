using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Cli;

/// <summary>A command line that cannot be followed: a flag's value, flags that exclude each other, a word that is missing.</summary>
/// <param name="message">The flag, what is wrong with it, and what to write instead.</param>
/// <param name="exitStatus">125, or 1 where docker has that.</param>
internal sealed class UsageException(string message, int exitStatus = ExitCodes.LaunchFailed) : PodspawnException(message, exitStatus);
