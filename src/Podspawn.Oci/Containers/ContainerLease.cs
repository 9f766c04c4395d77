using Podspawn.Oci.Native;

namespace Podspawn.Oci.Containers;

/// <summary>A container's directory, held by this process.</summary>
public sealed class ContainerLease : IDisposable
{
    private readonly FileLock held;

    internal ContainerLease(ContainerPaths paths, FileLock held)
    {
        Paths = paths;
        this.held = held;
    }

    /// <summary>Its paths.</summary>
    public ContainerPaths Paths { get; }

    /// <summary>Removes the container's directories and lets go of it. What the runtime still holds must be gone before.</summary>
    public void Dispose()
    {
        TreeRemoval.Remove(Paths.Scratch);
        TreeRemoval.Remove(Paths.Directory);
        held.Dispose();
    }
}
