using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Runtimes;

/// <summary>An OCI runtime is missing, is not one, or failed.</summary>
public sealed class RuntimeException(string message, int exitStatus = ExitCodes.LaunchFailed) : PodspawnException(message, exitStatus);
