using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Cleanup;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Launching;

/// <summary>Mounts a container's root in the calling thread's mount namespace; at its first time, with what a launch writes to it.</summary>
internal static class RootMount
{
    /// <summary>Mounts the layer on the root filesystem; one that is written to itself only gets the network's files beside it.</summary>
    /// <param name="lower">The root filesystem, opened in the calling thread's mount namespace.</param>
    /// <param name="definition">What the container was made to be.</param>
    /// <param name="paths">Its paths; the directories of its layer are there.</param>
    /// <param name="before">What the layer was mounted with before; null for the first time.</param>
    /// <param name="onNote">Takes a note where an overlay was wanted and something else took its place.</param>
    /// <returns>What takes the container's writes; null where they go to the root filesystem itself.</returns>
    /// <exception cref="RootFilesystemException">It cannot be mounted or written.</exception>
    internal static StorageDriver? Mount(
        RootFilesystem lower, ContainerDefinition definition, ContainerPaths paths, StorageDriver? before, Action<IReadOnlyList<Note>> onNote)
    {
        NetworkFiles files = NetworkFiles.For(definition.Network, definition.HostName);
        if (definition.RootfsWritable)
        {
            files.WriteBeside(paths.Directory);
            return null;
        }
        (StorageDriver used, string? why) = ScratchLayer.Mount(
            lower, paths.Scratch, paths.Root, definition.StorageDriver, ContainerCleanup.EnvironmentOf(paths), before);
        if (why is not null)
            onNote([NoteOn(used, why)]);
        if (before is not null)
            return used;
        using RootFilesystem layer = RootFilesystem.Open(paths.Root);
        foreach (string directory in definition.Directories)
            layer.MakeDirectory(directory);
        files.WriteInto(layer);
        return used;
    }

    private static Note NoteOn(StorageDriver driver, string why) => new(
        "rootfs", NoteSeverity.Differently,
        $"{why}: {(driver == StorageDriver.Copy ? "a copy of the root filesystem" : "fuse-overlayfs")} takes what the container writes");
}
