using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Native;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.Spec;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Lifecycle.Copying;

/// <summary>
/// Opens the files of a container. Where the host's kernel runs it, they are what its first process sees, volumes and tmpfs included. Where the
/// container is stopped, and where gVisor runs it with its own mounts, they are those of its layer, of its volumes and of the host's paths that are mounted in it.
/// </summary>
internal sealed class ContainerTree(ContainerRegistry registry, Action<string> warn)
{
    /// <summary>Calls an action with a container's files. A stopped container cannot be started meanwhile.</summary>
    /// <param name="container">The container.</param>
    /// <param name="path">The path that the caller is going to use.</param>
    /// <param name="isWrite">Whether files are written there.</param>
    /// <param name="action">Receives the container's root, and the path as an absolute one.</param>
    /// <exception cref="ContainerException">The path cannot be reached, or cannot be written to.</exception>
    internal void Use(Container container, string path, bool isWrite, Action<CopyTree, string> action)
    {
        string from = path.StartsWith('/') ? "" : WorkingDirectoryOf(container);
        UseFrom(container, from + path, isWrite, tree => action(tree with { From = from }, from + path));
    }

    private void UseFrom(Container container, string path, bool isWrite, Action<CopyTree> action)
    {
        if (container.HasProcess)
        {
            UseRunning(container, path, isWrite, action);
            return;
        }
        using LockedContainer held = registry.RequireSettled(container);
        // Another process may have started it before we had the lock.
        if (held.Now.HasProcess)
            UseRunning(held.Now, path, isWrite, action);
        else
            UseStopped(held, path, isWrite, action);
    }

    private void UseRunning(Container container, string path, bool isWrite, Action<CopyTree> action)
    {
        ProcessIdentity process = container.RequireProcess();
        if (container.Driver.Traits.Kernel == SystemCallHandler.Host)
        {
            using CopyTree seen = Open(container, $"/proc/{process.Pid}/root", process);
            action(seen);
            return;
        }
        if (container.State.Monitor is not { } monitor)
            throw LifecycleErrors.Of($"container '{container.Name}': nobody watches it who has its files mounted; stop it, and copy then");
        bool ofLayer = RequireLayer(container, path, isWrite, $"{container.Definition.Runtime.Name} keeps its mounts to itself", monitor);
        if (!container.Definition.RootfsWritable && container.Definition.Mounts.Count > 0)
        {
            UseMounted(container, monitor, action);
        }
        else
        {
            using CopyTree layer = Open(container, $"/proc/{monitor.Pid}/root{container.RootPath}", monitor);
            action(layer);
        }
        if (isWrite && ofLayer)
            warn($"{container.Name}: {container.Definition.Runtime.Name} remembers what the container has seen of its files: where it has looked before, it sees what was copied " +
                $"only after a restart");
    }

    private void UseStopped(LockedContainer held, string path, bool isWrite, Action<CopyTree> action)
    {
        Container container = held.Now;
        RequireLayer(container, path, isWrite, "it does not run, and what it mounts is not there");
        ContainerLayer.UseStopped(held, root =>
        {
            StoppedVolumes.Mount(container, held.Store.Layout, root, IsReadOnly(container));
            using CopyTree layer = Open(container, root, null);
            action(layer);
        });
    }

    // A layer that only its monitor has mounted, with the mounts of its user over it: their sources are the host's, whatever the sandbox keeps to itself.
    private void UseMounted(Container container, ProcessIdentity monitor, Action<CopyTree> action)
    {
        using SafeFileHandle? tree = TreeClone.In(monitor.Pid, container.RootPath, out int errno, writable: true);
        // The process is checked only now that its tree is open: the process id cannot have belonged to another process before.
        if (tree is null || !monitor.IsAlive())
            throw Unreachable(container, errno);
        RuntimeInvoker.Inside(container.Driver, () =>
        {
            if (TreeClone.Attach(tree, container.RootPath) is not 0 and var failure)
                throw Unreachable(container, failure);
            StoppedVolumes.Mount(container, registry.Store.Layout, container.RootPath, IsReadOnly(container));
            using CopyTree seen = Open(container, container.RootPath, monitor);
            action(seen);
        });
    }

    // Whether the path lies in the layer. A mount hides what lies below it once it is made: files written there would be lost.
    private bool RequireLayer(Container container, string path, bool isWrite, string why, ProcessIdentity? sandbox = null)
    {
        RuntimeSpec spec = SpecOf(container);
        IReadOnlyList<Mount> mounts = sandbox is { } monitor && SentryTemporary.Of(container, monitor, spec.Mounts) is { } temporary ? [.. spec.Mounts, temporary] : spec.Mounts;
        if (MountPoints.Of(path, mounts) is { } mount)
        {
            if (StoppedVolumes.At(container, mount.Destination) is { } volume)
            {
                return isWrite && volume.ReadOnly
                    ? throw LifecycleErrors.Of($"{container.Name}:{CopyFailure.Clean(path)}: the volume there is mounted read-only; copy to it by a container that may write")
                    : false;
            }
            string where = $"{container.Name}:{CopyFailure.Clean(path)}: lies on the {mount.Type ?? "mount"} at {CopyFailure.Clean(mount.Destination)}: {why}";
            if (isWrite)
                throw LifecycleErrors.Of($"{where}; copy to another path, or to what is mounted there");
            warn($"{where}; this is what the container's own files have there");
            return false;
        }
        if (isWrite && spec.Root.Readonly)
            throw LifecycleErrors.Of($"{container.Name}:{CopyFailure.Clean(path)}: container rootfs is marked read-only; copy to a volume of a running container");
        return true;
    }

    private static string WorkingDirectoryOf(Container container) =>
        ContainerProcess.Read(File.ReadAllBytes(container.Paths.Config)).WorkingDirectory.TrimEnd('/') + "/";

    private static bool IsReadOnly(Container container) => SpecOf(container).Root.Readonly;

    private static RuntimeSpec SpecOf(Container container) => SpecJson.Deserialize(File.ReadAllBytes(container.Paths.Config));

    private static CopyTree Open(Container container, string path, ProcessIdentity? through)
    {
        SafeFileHandle? root = PathCalls.Open(path, PathCalls.O_PATH | PathCalls.O_DIRECTORY, out int errno);
        // The process is checked only now that its root is open: the process id cannot have belonged to another process before.
        if (root is not null && through?.IsAlive() != false)
            return new CopyTree(root, $"{container.Name}:") { Destinations = [.. SpecOf(container).Mounts.Select(mount => mount.Destination)] };
        root?.Dispose();
        throw Unreachable(container, errno);
    }

    private static ContainerException Unreachable(Container container, int errno) => LifecycleErrors.Of(errno is 0 or Errno.ENOENT or Errno.ESRCH
            ? $"container '{container.Name}' has just ended; try again"
            : $"container '{container.Name}': its files cannot be reached: {Errno.Text(errno)}");
}
