using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>Network namespaces as open files (namespaces(7)): one is there as long as a process is in it, a descriptor is open, or it is mounted.</summary>
internal static class NetworkSpace
{
    private const string Own = "/proc/thread-self/ns/net";

    /// <summary>Makes one, in which there is nothing but a loopback device that is down.</summary>
    /// <exception cref="IOException">The kernel refuses.</exception>
    internal static SafeFileHandle Make()
    {
        SafeFileHandle? made = null;
        OnThread("make", () => MountCalls.Unshare(NamespaceCalls.CLONE_NEWNET), () => made = PathCalls.Open(Own, PathCalls.O_RDONLY, out _));
        return made ?? throw new IOException($"{Own}: cannot be opened; mount /proc");
    }

    /// <summary>Runs an action on a thread that is in one, in the caller's mount namespace.</summary>
    /// <exception cref="IOException">The kernel refuses.</exception>
    internal static void Inside(SafeFileHandle space, Action action) => OnThread("enter", () => NamespaceCalls.SetNamespace(space, NamespaceCalls.CLONE_NEWNET), action);

    // A thread that has moved stays where it is: it ends.
    private static void OnThread(string what, Func<int> move, Action action)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                if (move() != 0)
                    throw new IOException($"cannot {what} a network namespace: {Errno.Text(Marshal.GetLastPInvokeError())}; run podspawn-oci as root with CAP_SYS_ADMIN");
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

    /// <summary>Opens one that is mounted at a path; null where there is none.</summary>
    internal static SafeFileHandle? Open(string path)
    {
        SafeFileHandle? file = PathCalls.Open(path, PathCalls.O_RDONLY | PathCalls.O_NOFOLLOW, out _);
        if (file is null || FileSystemCalls.FileSystemType(file) == FileSystemCalls.NSFS_MAGIC)
            return file;
        file.Dispose();
        return null;
    }

    /// <summary>Opens that of a process; null where the process is gone.</summary>
    internal static SafeFileHandle? OpenOf(int pid) =>
        PathCalls.Open(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/proc/{pid}/ns/net"), PathCalls.O_RDONLY, out _);

    /// <summary>Whether one is that of this process, or of the host's first one.</summary>
    internal static bool IsOwn(SafeFileHandle space) => FileStatus.Of(space, out FileStatus status)
        && new[] { Own, "/proc/1/ns/net" }.Any(path => FileStatus.Of(path, out FileStatus own) && own.Identity == status.Identity);

    /// <summary>Mounts one at a path, in the calling thread's mount namespace.</summary>
    /// <exception cref="IOException">The kernel refuses.</exception>
    internal static void Mount(SafeFileHandle space, string path)
    {
        File.WriteAllBytes(path, []);
        if (MountCalls.Mount(EntryCalls.PathOf(space), path, null, MountCalls.MS_BIND, null) != 0)
            throw new IOException($"{path}: cannot mount the network namespace: {Errno.Text(Marshal.GetLastPInvokeError())}");
    }
}
