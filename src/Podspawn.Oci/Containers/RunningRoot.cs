using Podspawn.Oci.Spec;

namespace Podspawn.Oci.Containers;

/// <summary>Finds the root filesystem of a running container as the host can see it.</summary>
public static class RunningRoot
{
    /// <summary>
    /// The path of a running container's root, without what is mounted below it; null where no such container runs. The layer is mounted in
    /// its launcher's mount namespace only, and is reached through that process (proc(5), /proc/pid/root).
    /// </summary>
    public static string? Of(ContainerStore store, string id)
    {
        if (!ContainerId.IsValid(id) || !store.IsRunning(id))
            return null;
        ContainerPaths paths = store.Layout.Of(id);
        if (RuntimeRecord.ReadLauncher(paths) is not { } launcher)
            return null;
        string root = $"/proc/{launcher}/root{SpecJson.Deserialize(File.ReadAllBytes(paths.Config)).Root.Path}";
        return Directory.Exists(root) ? root : null;
    }
}
