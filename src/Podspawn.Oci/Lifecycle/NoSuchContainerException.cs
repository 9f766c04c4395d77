using Podspawn.Oci.Errors;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Lifecycle;

/// <summary>There is no such container; in podman's words, which scripts look for.</summary>
/// <param name="name">What the user wrote for it.</param>
public sealed class NoSuchContainerException(string name)
    : ContainerException($"no container with name or ID \"{Printable.Clean(name, 80)}\" found: no such container"), IMissing;
