using Podspawn.Oci.Native;
using Podspawn.Oci.Runtimes;

namespace Podspawn.Oci.State.Cleanup;

/// <summary>Has the runtime end and forget a container.</summary>
internal static class RuntimeCleanup
{
    /// <summary>What every call about this container needs.</summary>
    internal static RuntimeCall CallFor(ContainerPaths paths) => new(paths.Id, paths.RuntimeState, paths.RuntimeLog);

    /// <summary>
    /// Whether the runtime still remembers the container: all of them name its state by its id. What else lies in the directory, which is this
    /// container's alone, is none of its processes'.
    /// </summary>
    internal static bool Any(ContainerPaths paths) =>
        Directory.Exists(paths.RuntimeState) && Directory.EnumerateFileSystemEntries(paths.RuntimeState, $"{paths.Id}*").Any();

    /// <summary>
    /// Lets go of the network namespace that runsc from 20260810 on pins by a mount in its state directory, which could not be removed else by whoever
    /// is in the mount namespace that it was made in.
    /// </summary>
    internal static void Unpin(ContainerPaths paths)
    {
        string pinned = $"{paths.RuntimeState}/null-netns";
        while (File.Exists(pinned) && MountCalls.Umount(pinned, MountCalls.MNT_DETACH) == 0)
        {
            // Several may lie upon each other.
        }
    }

    /// <summary>Ends and forgets it.</summary>
    internal static void Delete(RuntimeDriver driver, ContainerPaths paths) => RuntimeInvoker.TryCall(driver, driver.Delete(CallFor(paths)));
}
