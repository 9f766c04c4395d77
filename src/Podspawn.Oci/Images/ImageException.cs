namespace Podspawn.Oci.Images;

/// <summary>An image cannot be named, fetched, unpacked, stored or removed as asked.</summary>
public class ImageException(string message, int exitStatus = 125) : Exception(message)
{
    /// <summary>125, or 128 + n where signal n ended the work.</summary>
    public int ExitStatus { get; } = exitStatus;
}
