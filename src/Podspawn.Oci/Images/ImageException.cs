using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Images;

/// <summary>An image that cannot be named, fetched, unpacked, kept or removed as asked.</summary>
public class ImageException(string message, int exitStatus = ExitCodes.LaunchFailed) : PodspawnException(message, exitStatus);
