namespace Podspawn.Oci.Errors;

/// <summary>A container that cannot be made or run as asked.</summary>
public class ContainerException(string message, int exitStatus = ExitCodes.LaunchFailed) : PodspawnException(message, exitStatus);
