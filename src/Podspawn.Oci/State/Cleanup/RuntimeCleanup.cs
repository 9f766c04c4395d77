using Podspawn.Oci.Native;
using Podspawn.Oci.Runtimes;

namespace Podspawn.Oci.State.Cleanup;

/// <summary>Makes the runtime end and forget a container.</summary>
internal static class RuntimeCleanup
{
    /// <summary>The options that every call about this container needs.</summary>
    internal static RuntimeCall CallFor(ContainerPaths paths) => new(paths.Id, paths.RuntimeState, paths.RuntimeLog);

    /// <summary>
    /// Whether the runtime still has state of the container: all of them name it by the container's id. Other files in the directory, which belongs
    /// to this container alone, are not about its processes.
    /// </summary>
    internal static bool Any(ContainerPaths paths) =>
        Directory.Exists(paths.RuntimeState) && Directory.EnumerateFileSystemEntries(paths.RuntimeState, $"{paths.Id}*").Any();

    /// <summary>
    /// Unmounts the network namespace that runsc from 20260810 on pins by a mount in its state directory. A process in the mount namespace where that
    /// mount was made could not remove the directory otherwise.
    /// </summary>
    internal static void Unpin(ContainerPaths paths)
    {
        string pinned = $"{paths.RuntimeState}/null-netns";
        while (File.Exists(pinned) && MountCalls.Umount(pinned, MountCalls.MNT_DETACH) == 0)
        {
            // Several mounts may be stacked.
        }
    }

    /// <summary>Ends and forgets the container.</summary>
    internal static void Delete(RuntimeDriver driver, ContainerPaths paths) => RuntimeInvoker.TryCall(driver, driver.Delete(CallFor(paths)));
}
