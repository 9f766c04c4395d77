using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Lifecycle;

/// <summary>The root filesystem of a container as the host can see it, without the container's own mounts.</summary>
public sealed class ContainerLayer(ContainerRegistry registry)
{
    /// <summary>Calls an action with the root's directory. A stopped container cannot be started meanwhile.</summary>
    /// <param name="container">The container.</param>
    /// <param name="use">Receives the directory's path, which is valid on the calling thread only, until the action returns.</param>
    /// <exception cref="ContainerException">The root cannot be reached.</exception>
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

    /// <summary>Like <see cref="Use"/>, for a stopped container whose lock we hold: its layer is mounted for the time of the call.</summary>
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

    // The layer is mounted only in the mount namespace of its monitor or launcher.
    private static void UseRunning(Container container, Action<string> use)
    {
        if (container.Definition.RootfsWritable)
        {
            use(container.RootPath);
            return;
        }
        using SafeFileHandle tree = CloneRunning(container, writable: false);
        use($"{EntryCalls.PathInProcess(tree)}/.");
    }

    /// <summary>The root of a container that runs, cloned out of the mount namespace of its monitor.</summary>
    /// <exception cref="ContainerException">The root cannot be reached.</exception>
    internal static SafeFileHandle CloneRunning(Container container, bool writable) =>
        (container.State.Monitor is { } monitor ? Clone(container, monitor, writable) : null)
        ?? throw LifecycleErrors.Of($"container '{container.Name}': nobody watches it who has its files mounted; stop it first");

    private static SafeFileHandle? Clone(Container container, ProcessIdentity monitor, bool writable)
    {
        SafeFileHandle? tree = TreeClone.In(monitor.Pid, container.RootPath, out int errno, writable);
        if (tree is null && errno is not (Errno.ENOENT or Errno.ESRCH))
            throw LifecycleErrors.Of($"container '{container.Name}': its files cannot be reached: {Errno.Text(errno)}; stop it first");
        // The process is checked only now that its tree is open: the process id cannot have belonged to another process before.
        if (tree is null || monitor.IsAlive())
            return tree;
        tree.Dispose();
        return null;
    }
}
