namespace Podspawn.Oci.State.Records;

/// <summary>What a container's record tells of an image that the container runs from, or has mounted.</summary>
/// <param name="Digest">The digest of its manifest.</param>
/// <param name="RootDirectory">Its root filesystem on the host, every link followed; null where the record does not tell.</param>
internal sealed record RecordedImage(string Digest, string? RootDirectory);
