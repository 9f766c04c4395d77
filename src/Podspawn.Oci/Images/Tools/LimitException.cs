namespace Podspawn.Oci.Images.Tools;

/// <summary>An image that is larger, deeper or more work than allowed, so that what came of it is not worth keeping.</summary>
internal sealed class LimitException(string message) : ImageException(message);
