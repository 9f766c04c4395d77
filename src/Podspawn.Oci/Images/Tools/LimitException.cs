namespace Podspawn.Oci.Images.Tools;

/// <summary>An image is larger, deeper or more work than allowed, so that its blobs are useless.</summary>
internal sealed class LimitException(string message) : ImageException(message);
