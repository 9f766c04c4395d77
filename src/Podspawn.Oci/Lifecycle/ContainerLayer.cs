using Podspawn.Oci.Containers;
using Podspawn.Oci.Hosting;
using Podspawn.Oci.RootFilesystems;

namespace Podspawn.Oci.Lifecycle;

/// <summary>The root filesystem of a container as the host can see it, without what the container mounts in it.</summary>
public sealed class ContainerLayer(ContainerRegistry registry)
{
    /// <summary>Does something with its directory. A container that does not run is kept from being started meanwhile.</summary>
    /// <param name="container">The container.</param>
    /// <param name="use">Gets the directory's path, which is good on the calling thread, and only until it returns.</param>
    /// <exception cref="ContainerException">It cannot be reached.</exception>
    public void Use(Container container, Action<string> use)
    {
        if (container.Definition.RootfsWritable)
        {
            use(container.Definition.RootDirectory);
            return;
        }
        if (container.HasProcess || container.Definition.Foreground)
        {
            // The layer is mounted in its monitor's or launcher's mount namespace only, and is reached through that process (proc(5), /proc/pid/root).
            string? path = container.State.Monitor is { } monitor ? $"/proc/{monitor.Pid}/root{container.Paths.Root}" : null;
            if (path is null || !Directory.Exists(path))
                throw LifeFailure.Of($"container '{container.Name}': nobody watches it who has its files mounted; stop it first");
            use(path);
            return;
        }
        using HeldContainer held = registry.RequireSettled(container);
        if (held.Now.HasProcess)
            throw LifeFailure.Of($"container '{container.Name}' was started at this moment; try again");
        PrivateMounts.Inside(CgroupProbe.Layout(), container.Driver.Traits, () =>
        {
            ContainerStarter.MountRoot(held, _ => { });
            try
            {
                use(container.Paths.Root);
            }
            finally
            {
                ScratchLayer.Unmount(container.Paths.Root);
            }
        });
    }
}
