using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Podspawn.Oci.Native;

/// <summary>
/// Runs an action on a thread that sees the host's mounts without ours. What it starts may outlive us, such as the server of a network's names: a mount
/// of a container's root would stay as long as that.
/// </summary>
internal static class WithoutMounts
{
    private const int MountPoint = 4; // the fifth field of a line (proc(5), /proc/[pid]/mountinfo)

    /// <summary>Runs the action, and returns when it is done; its exceptions are thrown as well.</summary>
    /// <param name="directories">The directories below which nothing is to be mounted.</param>
    /// <param name="action">The action.</param>
    /// <exception cref="IOException">The kernel refuses.</exception>
    internal static T Run<T>(IReadOnlyList<string> directories, Func<T> action)
    {
        T? result = default;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Leave(directories);
                result = action();
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
        return result!;
    }

    private static void Leave(IReadOnlyList<string> directories)
    {
        // A slave, so that what the host unmounts later goes here as well, and what is unmounted here stays on the host.
        if (MountCalls.Unshare(MountCalls.CLONE_NEWNS) != 0 || MountCalls.Mount("none", "/", null, MountCalls.MS_REC | MountCalls.MS_SLAVE, null) != 0)
            throw new IOException($"cannot make a mount namespace: {Errno.Text(Marshal.GetLastPInvokeError())}; run podspawn-oci as root with CAP_SYS_ADMIN");
        foreach (string line in File.ReadAllLines("/proc/thread-self/mountinfo").Reverse())
        {
            if (line.Split(' ') is not { Length: > MountPoint } fields)
                continue;
            string place = Plain(fields[MountPoint]);
            if (directories.Any(directory => place.StartsWith($"{directory}/", StringComparison.Ordinal)))
                _ = MountCalls.Umount(place, MountCalls.MNT_DETACH);
        }
    }

    // The kernel writes these four in octal.
    private static string Plain(string field) => field.Replace(@"\040", " ", StringComparison.Ordinal).Replace(@"\011", "\t", StringComparison.Ordinal)
        .Replace(@"\012", "\n", StringComparison.Ordinal).Replace(@"\134", @"\", StringComparison.Ordinal);
}
