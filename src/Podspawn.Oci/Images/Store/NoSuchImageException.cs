using Podspawn.Oci.Errors;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Images.Store;

/// <summary>The store has no image of this name or digest; in podman's words, which scripts look for.</summary>
/// <param name="text">The image as the user named it.</param>
public sealed class NoSuchImageException(string text) : ImageException($"{Printable.Clean(text, 300)}: image not known"), IMissing;
