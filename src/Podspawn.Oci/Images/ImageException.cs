using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Images;

/// <summary>An image cannot be named, fetched, unpacked, stored or removed as asked.</summary>
public class ImageException(string message, int exitStatus = ExitCodes.LaunchFailed) : PodspawnException(message, exitStatus);
