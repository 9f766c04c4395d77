namespace Podspawn.Oci.Images.Fetching;

/// <summary>An image that is larger than allowed, so that what came of it is not worth keeping.</summary>
internal sealed class SizeLimitException(string message) : ImageException(message);
