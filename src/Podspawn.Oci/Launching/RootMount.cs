using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.Native;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Cleanup;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Launching;

/// <summary>Mounts a container's root in the calling thread's mount namespace; at the first time, creates what a launch writes to it.</summary>
internal static class RootMount
{
    /// <summary>Mounts the layer on the root filesystem; where the container writes to that itself, only the network files are written beside it.</summary>
    /// <param name="lower">The root filesystem, opened in the calling thread's mount namespace.</param>
    /// <param name="definition">What the container was created from.</param>
    /// <param name="paths">Its paths; the directories of its layer exist.</param>
    /// <param name="before">The driver of the layer's earlier mount; null for the first time.</param>
    /// <param name="onNote">Receives a note where another driver replaced the overlay.</param>
    /// <returns>The driver of the layer; null where the container writes to the root filesystem itself.</returns>
    /// <exception cref="RootFilesystemException">The root cannot be mounted or written.</exception>
    internal static StorageDriver? Mount(
        RootFilesystem lower, ContainerDefinition definition, ContainerPaths paths, StorageDriver? before, Action<IReadOnlyList<Note>> onNote)
    {
        // The working directory and the like have the usual mode, whatever our caller denies to its own files.
        using FileMask mask = FileMask.HoldUsual();
        NetworkFiles files = NetworkFiles.For(definition.Network, definition.HostName, definition.Names) with { LocalTime = TimeZoneFile.Read(definition.TimeZone) };
        if (definition.RootfsWritable)
        {
            files.WriteBeside(paths.Directory);
            return null;
        }
        (StorageDriver used, string? why) = ScratchLayer.Mount(
            lower, paths.Scratch, paths.Root, definition.StorageDriver, ContainerCleanup.EnvironmentOf(paths), before);
        if (why is not null)
            onNote([NoteOn("rootfs", used, why)]);
        if (before is not null)
            return used;
        using RootFilesystem layer = RootFilesystem.Open(paths.Root);
        foreach (string directory in definition.Directories)
            layer.MakeDirectory(directory);
        files.WriteInto(layer);
        return used;
    }

    /// <summary>Writes the files of names as a connected container's are: at each start, since its addresses may be others.</summary>
    /// <param name="definition">What the container was created from.</param>
    /// <param name="paths">Its paths; its root is mounted.</param>
    /// <param name="connected">What it knows of itself on its networks; null where it has none, and the files stay as they are.</param>
    /// <exception cref="RootFilesystemException">The root cannot be written.</exception>
    internal static void WriteNames(ContainerDefinition definition, ContainerPaths paths, ConnectedNames? connected)
    {
        if (connected is null)
            return;
        using FileMask mask = FileMask.HoldUsual();
        // The network's own server knows the containers, and asks the servers that were named for all else.
        NameResolution names = connected.Servers.Count > 0 ? definition.Names with { Servers = [] } : definition.Names;
        NetworkFiles files = NetworkFiles.For(definition.Network, definition.HostName, names, connected);
        if (definition.RootfsWritable)
        {
            files.WriteBeside(paths.Directory);
            return;
        }
        using RootFilesystem layer = RootFilesystem.Open(paths.Root);
        files.WriteInto(layer);
    }

    /// <summary>A note that another driver replaced the overlay.</summary>
    internal static Note NoteOn(string key, StorageDriver driver, string why) => new(
        key, NoteSeverity.Differently,
        $"{why}: {(driver == StorageDriver.Copy ? "a copy of the root filesystem" : "fuse-overlayfs")} takes what the container writes");
}
