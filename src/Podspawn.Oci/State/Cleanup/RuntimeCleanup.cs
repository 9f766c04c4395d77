using Podspawn.Oci.Native;
using Podspawn.Oci.Runtimes;

namespace Podspawn.Oci.State.Cleanup;

/// <summary>Makes the runtime end and forget a container.</summary>
internal static class RuntimeCleanup
{
    // runsc's delete may itself wait for five seconds.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

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

    /// <summary>Ends and forgets the container; runs on a thread with its own mounts where the runtime needs to see other ones.</summary>
    internal static void Delete(RuntimeDriver driver, ContainerPaths paths)
    {
        IReadOnlyList<string> arguments = driver.Delete(CallFor(paths));
        PrivateMounts.AsNeeded(driver.Traits, () => TryRun(driver.Program, arguments));
    }

    /// <summary>Runs the runtime. A runtime that is gone, is broken or hangs must not prevent the removal of what it left: the end of the cgroup ends
    /// the rest.</summary>
    internal static void TryRun(string program, IReadOnlyList<string> arguments)
    {
        try
        {
            using var limit = new CancellationTokenSource(Timeout);
            RuntimeProcess.Run(program, arguments, limit.Token);
        }
        catch (Exception e) when (e is InvalidOperationException or OperationCanceledException or System.ComponentModel.Win32Exception or IOException)
        {
            // Not reported: the clean-up of the cgroup finds the processes there.
        }
    }
}
