using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Runtimes;

/// <summary>
/// A mount namespace for the calling thread and the runtime that it starts. Its mounts vanish with its last process, so that even SIGKILL leaves no
/// mount behind.
/// </summary>
internal static class PrivateMounts
{
    /// <summary>Enters a new mount namespace. The calling thread stays in it for good (unshare(2) affects one thread).</summary>
    internal static void Enter(CgroupLayout cgroups, RuntimeTraits runtime)
    {
        if (MountCalls.Unshare(MountCalls.CLONE_NEWNS) != 0)
            throw Refused("make a mount namespace");
        // A slave, not private: later mounts of the host still appear, while ours do not appear on the host.
        if (MountCalls.Mount("none", "/", null, MountCalls.MS_REC | MountCalls.MS_SLAVE, null) != 0)
            throw Refused("separate its mounts from the host's");
        // Covered, not unmounted: crun would still create cgroups there, and on the host's tmpfs below the mount they would stay for good.
        if (cgroups == CgroupLayout.Hybrid && !runtime.AcceptsHybridCgroups
            && MountCalls.Mount("tmpfs", "/sys/fs/cgroup/unified", "tmpfs", MountCalls.MS_NOSUID | MountCalls.MS_NODEV | MountCalls.MS_NOEXEC, "mode=700,size=1m") != 0)
        {
            throw Refused($"hide the hybrid cgroup mount from {runtime.Name}");
        }
    }

    /// <summary>Runs an action on a new thread with its own mounts, so that the caller stays in the host's mount namespace.</summary>
    internal static void Inside(CgroupLayout cgroups, RuntimeTraits runtime, Action action)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Enter(cgroups, runtime);
                action();
            }
#pragma warning disable CA1031 // every exception is rethrown in the caller's thread; in this one it would end the process
            catch (Exception e)
#pragma warning restore CA1031
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    /// <summary>
    /// Hides the parameters of a network namespace in the calling thread's mount namespace. By a file there that newer kernels show in every network
    /// namespace, runsc of 2022 takes the one that it is given for the host's own, and refuses it. The kernel has a directory of its own for each
    /// namespace at that path, so that the mount is made from within.
    /// </summary>
    internal static void HideNetworkParameters(SafeFileHandle space) => NetworkSpace.Inside(space, () =>
    {
        const ulong Flags = MountCalls.MS_RDONLY | MountCalls.MS_NOSUID | MountCalls.MS_NODEV | MountCalls.MS_NOEXEC;
        if (MountCalls.Mount("tmpfs", "/proc/sys/net/core", "tmpfs", Flags, "mode=700,size=1m") != 0)
            throw Refused("hide parameters of the network from the runtime");
    });

    private static ContainerException Refused(string what) =>
        new($"cannot {what}: {Errno.Text(Marshal.GetLastPInvokeError())}; run podspawn-oci as root with CAP_SYS_ADMIN");
}
