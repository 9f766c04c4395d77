using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Native;
using Podspawn.Oci.Spec;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Lifecycle.Copying;

/// <summary>
/// Opens the files of a container. Where the host's kernel runs it, they are what its first process sees, volumes and tmpfs included. Where
/// nobody runs it, or gVisor does with mounts of its own, they are those of its layer.
/// </summary>
internal sealed class ContainerTree(ContainerRegistry registry, Action<string> warn)
{
    /// <summary>Does something with a container's files. One that does not run is kept from being started meanwhile.</summary>
    /// <param name="container">The container.</param>
    /// <param name="path">The path that is meant.</param>
    /// <param name="isWrite">Whether files are written there.</param>
    /// <param name="action">Gets the container's root.</param>
    /// <exception cref="ContainerException">The path cannot be reached, or not be written to.</exception>
    internal void Use(Container container, string path, bool isWrite, Action<CopyTree> action)
    {
        if (container.HasProcess)
        {
            UseRunning(container, path, isWrite, action);
            return;
        }
        using LockedContainer held = registry.RequireSettled(container);
        // Somebody may have started it before we had the lock.
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
        RequireLayer(container, path, isWrite, $"{container.Definition.Runtime.Name} keeps its mounts to itself");
        using CopyTree layer = Open(container, $"/proc/{monitor.Pid}/root{container.RootPath}", monitor);
        action(layer);
        if (isWrite)
            warn($"{container.Name}: {container.Definition.Runtime.Name} remembers what the container has seen of its files: where it has looked before, it sees what was copied only after a restart");
    }

    private void UseStopped(LockedContainer held, string path, bool isWrite, Action<CopyTree> action)
    {
        Container container = held.Now;
        RequireLayer(container, path, isWrite, "it does not run, and what it mounts is not there");
        ContainerLayer.UseStopped(held, root =>
        {
            using CopyTree layer = Open(container, root, null);
            action(layer);
        });
    }

    // What lies below a mount is hidden once that is made: to write there would be to lose it.
    private void RequireLayer(Container container, string path, bool isWrite, string why)
    {
        RuntimeSpec spec = SpecJson.Deserialize(File.ReadAllBytes(container.Paths.Config));
        if (MountPoints.Of(path, spec.Mounts) is { } mount)
        {
            string where = $"{container.Name}:{CopyFailure.Clean(path)}: lies on the {mount.Type ?? "mount"} at {CopyFailure.Clean(mount.Destination)}: {why}";
            if (isWrite)
                throw LifecycleErrors.Of($"{where}; copy to another path, or to what is mounted there");
            warn($"{where}; this is what the container's own files have there");
            return;
        }
        if (isWrite && spec.Root.Readonly)
            throw LifecycleErrors.Of($"{container.Name}:{CopyFailure.Clean(path)}: container rootfs is marked read-only; copy to a volume of a running container");
    }

    private static CopyTree Open(Container container, string path, ProcessIdentity? through)
    {
        int fd = PathCalls.Open(path, PathCalls.O_PATH | PathCalls.O_DIRECTORY | PathCalls.O_CLOEXEC);
        int errno = fd < 0 ? System.Runtime.InteropServices.Marshal.GetLastPInvokeError() : 0;
        var tree = new CopyTree(new SafeFileHandle(fd, ownsHandle: true), $"{container.Name}:");
        // Looked at only now that the root is held: the number cannot have been another's before.
        if (fd >= 0 && through?.IsAlive() != false)
            return tree;
        tree.Dispose();
        throw LifecycleErrors.Of(errno is 0 or Errno.ENOENT or Errno.ESRCH
            ? $"container '{container.Name}' has just ended; try again"
            : $"container '{container.Name}': its files cannot be reached: {Errno.Text(errno)}");
    }
}
