using Podspawn.Oci.Native;
using Podspawn.Oci.Runtimes;

namespace Podspawn.Oci.State.Cleanup;

/// <summary>Has the runtime end and forget a container.</summary>
internal static class RuntimeCleanup
{
    // runsc's delete may wait for five seconds by itself.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

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

    /// <summary>Ends and forgets it; on a thread with mounts of its own where the runtime needs to be shown other ones.</summary>
    internal static void Delete(RuntimeDriver driver, ContainerPaths paths)
    {
        IReadOnlyList<string> arguments = driver.Delete(CallFor(paths));
        PrivateMounts.AsNeeded(driver.Traits, () => TryRun(driver.Program, arguments));
    }

    /// <summary>Runs the runtime; one that is gone, broken or hangs by now must not keep what it left from being removed: the cgroup's end ends the rest.</summary>
    internal static void TryRun(string program, IReadOnlyList<string> arguments)
    {
        try
        {
            using var limit = new CancellationTokenSource(Timeout);
            RuntimeProcess.Run(program, arguments, limit.Token);
        }
        catch (Exception e) when (e is InvalidOperationException or OperationCanceledException or System.ComponentModel.Win32Exception or IOException)
        {
            // Nothing to tell: whoever comes to the cgroup finds the processes there.
        }
    }
}
