using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Images.Building;
using Podspawn.Oci.Images.Exporting;
using Podspawn.Oci.Images.Fetching;
using Podspawn.Oci.Images.Store;
using Podspawn.Oci.Lifecycle.Diff;
using Podspawn.Oci.Lifecycle.Pausing;
using Podspawn.Oci.Native;
using Podspawn.Oci.Packing;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.Spec;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Lifecycle.Committing;

/// <summary>
/// Makes images of containers. Where a container's changes lie apart from the image that it runs from, they become a layer on top of that image; where
/// they do not (it writes to a copy, or runs from a directory), the image has one layer with everything. What is mounted in the container is left out.
/// </summary>
/// <param name="registry">The containers.</param>
/// <param name="dataRoot">The store for the image; null for the one of the image that the container runs from, or the usual one.</param>
/// <param name="limits">The limits.</param>
/// <param name="watcher">Receives the progress.</param>
/// <param name="signals">The source of a signal that ends the work; null for none.</param>
public sealed class ContainerCommit(ContainerRegistry registry, string? dataRoot, FetchOptions limits, IFetchWatcher watcher, ISignalSource? signals)
{
    /// <summary>Makes an image of a container. A stopped one cannot be started meanwhile.</summary>
    /// <exception cref="ContainerException">The container's files cannot be reached, or it cannot be paused.</exception>
    /// <exception cref="Images.ImageException">The image cannot be made; nothing is left.</exception>
    public ImageRecord Commit(Container container, CommitOptions options)
    {
        bool pauses = options.Pause && container.State.Status == ContainerStatus.Running;
        if (pauses)
            new Pauser(registry).PauseForNow(container);
        try
        {
            Faults.Point("commit.paused");
            return Make(registry.Find(container.Id), options);
        }
        finally
        {
            if (pauses)
                new Pauser(registry).EndPause(container);
        }
    }

    private ImageRecord Make(Container container, CommitOptions options)
    {
        RuntimeSpec spec = SpecJson.Deserialize(File.ReadAllBytes(container.Paths.Config));
        (ImageStore store, ImageRecord? below) = StoreOf(container);
        StorageDriver? layer = container.Definition.RootfsWritable ? StorageDriver.Copy : ContainerDiff.LayerOf(container);
        // Nothing has been written yet where it was never started: then there is nothing on top of the image.
        bool isApart = below is not null && (layer is null || layer is StorageDriver.Overlay or StorageDriver.FuseOverlayfs);
        var process = new CommittedProcess(
            container.Definition.Command, spec.Process?.Env ?? [], spec.Process?.Cwd ?? "/", UserOf(spec), container.Definition.Lifecycle.Labels,
            options.IncludeVolumes ? [.. container.Definition.Mounts.Where(mount => mount.Image is null).Select(mount => mount.Destination)] : []);
        return new ImageCommitter(store, limits, watcher, signals).Commit(
            $"container '{container.Name}'", isApart ? below : null, options.Name, options.Author, options.Message, process, options.Changes,
            (output, cancel) =>
            {
                if (isApart)
                    WriteChanges(container, spec, layer is not null, output, options, cancel);
                else
                    WriteAll(container, output, options, cancel);
                Faults.Point("commit.layer");
            });
    }

    private void WriteChanges(Container container, RuntimeSpec spec, bool hasChanges, Stream output, CommitOptions options, CancellationToken cancel)
    {
        using LockedContainer? held = container.IsUp ? null : registry.RequireSettled(container);
        var tar = new PaxWriter(output);
        if (hasChanges)
        {
            using SafeFileHandle upper = Open($"{container.Paths.Scratch}/upper", container);
            using SafeFileHandle lower = Open(container.Definition.RootDirectory, container);
            new LayerArchive(tar, LaunchPaths.Of(container.Definition, spec), options.Warn, cancel).Write(upper, lower);
        }
        tar.End();
    }

    private void WriteAll(Container container, Stream output, CommitOptions options, CancellationToken cancel) =>
        new ContainerLayer(registry).Use(container, directory =>
        {
            foreach (string change in TreeExport.Write(directory, output, cancel))
                options.Warn(change);
        });

    // The blobs of the image below are in its own store, and an image has all of its blobs in one.
    private (ImageStore Store, ImageRecord? Below) StoreOf(Container container)
    {
        string? own = container.Definition.ImageDigest is null ? null : RootOfStore(container.Definition.RootDirectory);
        if (own is null)
            return (ImageStore.Open(dataRoot), null);
        ImageStore store = ImageStore.Open(own);
        if (dataRoot is not null && RealPath.Of(dataRoot) != RealPath.Of(own))
        {
            throw LifecycleErrors.Of(
                $"container '{container.Name}' runs from an image of the store {own}, and {Setting.DataRoot} names another; leave that away, or save and load the image");
        }
        return (store, store.Read(container.Definition.ImageDigest!)
            ?? throw LifecycleErrors.Of($"container '{container.Name}': the image that it runs from is no longer in the store {own}; export the container, and import that"));
    }

    // ROOT/roots/sha256/HEX/rootfs
    private static string? RootOfStore(string rootDirectory)
    {
        string[] parts = rootDirectory.Split('/');
        return parts is [.., "roots", "sha256", _, "rootfs"] ? string.Join('/', parts[..^4]) : null;
    }

    private static string? UserOf(RuntimeSpec spec) => spec.Process?.User is { Uid: not 0 } user
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{user.Uid}:{user.Gid}") : null;

    private static SafeFileHandle Open(string path, Container container) => PathCalls.Open(path, PathCalls.O_RDONLY | PathCalls.O_DIRECTORY, out int errno)
        ?? throw LifecycleErrors.Of($"container '{container.Name}': {path}: {Errno.Text(errno)}; nothing can be committed without it");
}
