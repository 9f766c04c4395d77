using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Records;

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
        if (container.HasProcess || container.Definition.Foreground)
        {
            UseRunning(container, use);
            return;
        }
        using LockedContainer held = registry.RequireSettled(container);
        if (held.Now.HasProcess)
            throw LifecycleErrors.Of($"container '{container.Name}' was started at this moment; try again");
        UseStopped(held, use);
    }

    /// <summary>As <see cref="Use"/>, of a container that does not run, whose lock is ours: its layer is mounted for that long.</summary>
    internal static void UseStopped(LockedContainer held, Action<string> use)
    {
        Container container = held.Now;
        if (container.Definition.RootfsWritable)
        {
            use(container.RootPath);
            return;
        }
        RuntimeInvoker.Inside(container.Driver, () =>
        {
            ContainerStarter.MountRoot(held, _ => { });
            Faults.Point("layer.mounted");
            try
            {
                use(container.RootPath);
            }
            finally
            {
                Faults.Point("layer.used");
                ScratchLayer.Unmount(container.RootPath);
            }
        });
    }

    // The layer is mounted in its monitor's or launcher's mount namespace only.
    private static void UseRunning(Container container, Action<string> use)
    {
        if (container.Definition.RootfsWritable)
        {
            use(container.RootPath);
            return;
        }
        using SafeFileHandle? tree = container.State.Monitor is { } monitor ? Clone(container, monitor) : null;
        if (tree is null)
            throw LifecycleErrors.Of($"container '{container.Name}': nobody watches it who has its files mounted; stop it first");
        use($"{EntryCalls.PathInProcess(tree)}/.");
    }

    private static SafeFileHandle? Clone(Container container, ProcessIdentity monitor)
    {
        SafeFileHandle? tree = TreeClone.In(monitor.Pid, container.RootPath, out int errno);
        if (tree is null && errno is not (Errno.ENOENT or Errno.ESRCH))
            throw LifecycleErrors.Of($"container '{container.Name}': its files cannot be reached: {Errno.Text(errno)}; stop it first");
        // Looked at only now that the tree is held: the number cannot have been another's before.
        if (tree is null || monitor.IsAlive())
            return tree;
        tree.Dispose();
        return null;
    }
}
