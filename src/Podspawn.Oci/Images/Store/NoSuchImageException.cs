using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Images.Store;

/// <summary>The store has no image of this name or digest.</summary>
/// <param name="text">The image as the user named it.</param>
public sealed class NoSuchImageException(string text) : ImageException($"{text}: no such image in the store; {Operation.Images} lists them", ExitCodes.Failure);
