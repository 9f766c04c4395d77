namespace Podspawn.Oci.Errors;

/// <summary>A container cannot be created or run as asked.</summary>
public class ContainerException(string message, int exitStatus = ExitCodes.LaunchFailed) : PodspawnException(message, exitStatus);
