using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.Spec;
using Podspawn.Oci.State;

namespace Podspawn.Oci.Lifecycle.Diff;

/// <summary>Lists what a container has changed in its root filesystem.</summary>
public static class ContainerDiff
{
    // linux/magic.h.
    private const long OVERLAYFS_SUPER_MAGIC = 0x794c7630;
    private const long FUSE_SUPER_MAGIC = 0x65735546;

    /// <summary>The changes, sorted by path.</summary>
    /// <exception cref="ContainerException">The container has no layer that records changes.</exception>
    public static IReadOnlyList<FileChange> Of(Container container)
    {
        ContainerPaths paths = container.Paths;
        if (container.Definition.RootfsWritable)
            throw LifecycleErrors.Of($"container '{container.Name}' writes to {container.Definition.RootDirectory} itself ({Setting.RootfsWritable}), and nobody has kept what " +
                $"that was before");
        if (LayerOf(container) is not { } layer)
            return [];
        if (layer == StorageDriver.Copy)
            throw LifecycleErrors.Of($"container '{container.Name}' writes to a copy of its root filesystem, which does not tell what is new in it; launch it with " +
                $"{Setting.StorageDriver} overlay");
        using SafeFileHandle upper = Open($"{paths.Scratch}/upper", container);
        using SafeFileHandle lower = Open(container.Definition.RootDirectory, container);
        return new LayerDiff(LaunchPaths.Of(container.Definition, SpecJson.Deserialize(File.ReadAllBytes(paths.Config)))).Read(upper, lower);
    }

    // A container in the foreground has no record of its layer, but has it mounted.
    internal static StorageDriver? LayerOf(Container container)
    {
        if (!container.Definition.Foreground)
            return container.State.Layer;
        return FileSystemCalls.FileSystemType($"/proc/{container.State.Monitor?.Pid}/root{container.Paths.Root}") switch
        {
            OVERLAYFS_SUPER_MAGIC => StorageDriver.Overlay,
            FUSE_SUPER_MAGIC => StorageDriver.FuseOverlayfs,
            _ => StorageDriver.Copy,
        };
    }

    private static SafeFileHandle Open(string path, Container container) => PathCalls.Open(path, PathCalls.O_RDONLY | PathCalls.O_DIRECTORY, out int errno)
        ?? throw LifecycleErrors.Of($"container '{container.Name}': {path}: {Errno.Text(errno)}; nothing can be compared without it");
}
