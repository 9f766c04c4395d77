using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Runtimes;

/// <summary>An OCI runtime that is missing, is none, or failed.</summary>
public sealed class RuntimeException(string message, int exitStatus = ExitCodes.LaunchFailed) : PodspawnException(message, exitStatus);
