namespace Podspawn.Oci.Translation.Requests;

/// <summary>An image of the store whose root filesystem is mounted in a container that runs from something else.</summary>
/// <param name="Name">The image as the user named it.</param>
/// <param name="Digest">The digest of its manifest.</param>
/// <param name="RootDirectory">Its root filesystem on the host, every link followed.</param>
public sealed record MountedImage(string Name, string Digest, string RootDirectory);
