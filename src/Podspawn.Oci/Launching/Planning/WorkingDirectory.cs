using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Configuration;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.Text;
using Podspawn.Oci.Translation;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Launching.Planning;

/// <summary>
/// Keeps a container's working directory inside the container. A runtime enters it by its path, and a directory below /proc/self/fd can be one of the
/// host's that the runtime has open (CVE-2024-21626); the root filesystem, or a volume, may lead there by a link.
/// </summary>
internal static class WorkingDirectory
{
    /// <summary>Whether it is the root, which no link can move.</summary>
    internal static bool IsRoot(string path) => path.StartsWith('/') && Path.GetFullPath(path).TrimEnd('/').Length == 0;

    /// <summary>Refuses one that leads out as the root filesystem is now, and says why before anything is made.</summary>
    /// <exception cref="ContainerException">It leads out.</exception>
    /// <exception cref="RootFilesystemException">It goes through a link to what is not there.</exception>
    internal static void Check(RootFilesystem root, string path)
    {
        if (!path.StartsWith('/'))
            return; // The translator refuses it and says why.
        string? real = path.Contains('\0') || path.Split('/').Contains("..") ? null : root.ResolveInside(Path.GetFullPath(path));
        if (real is null || ContainerPath.IsAtOrBelow(real, "/proc") || ContainerPath.IsAtOrBelow(real, "/dev/fd"))
            throw new ContainerException($"{Setting.Workdir}: '{Printable.Line(path)}' holds '..' or leads into /proc; name a directory of the root filesystem");
    }

    /// <summary>Whether nobody but root can change where it leads between that check and the launch: it is an image's own, which lies in root's store, and in no volume.</summary>
    internal static bool IsSettled(LaunchPlan plan, LaunchSource source, LaunchOptions options)
    {
        string path = plan.Request.WorkingDirectory;
        if (IsRoot(path))
            return true;
        if (source.ImageDigest is null || options.RootfsWritable)
            return false;
        string real = source.Root.ResolveInside(Path.GetFullPath(path));
        return !plan.Request.Volumes.Any(volume => ContainerPath.IsAtOrBelow(real, volume.Destination));
    }

    /// <summary>
    /// Requires that a process which its runtime has created has entered the directory that its container has at that path. The process waits for the
    /// runtime's <c>start</c>, and nothing of the container's own can move it: what is seen here is what the command gets.
    /// </summary>
    /// <exception cref="ContainerException">It has entered another.</exception>
    internal static void RequireEntered(int pid, string path)
    {
        if (IsRoot(path))
            return;
        if (Open(pid, "cwd", path) is not { } entered)
            return;
        using (entered)
        {
            if (Open(pid, "root", path) is not { } directory)
                return;
            using RootFilesystem root = RootFilesystem.OfProcess(directory);
            using SafeFileHandle? named = root.OpenInside(path, PathCalls.O_PATH | PathCalls.O_DIRECTORY, out _);
            if (named is null || !FileStatus.IsSamePlace(entered, named))
                throw new ContainerException($"{Setting.Workdir}: '{Printable.Line(path)}' does not lead to a directory of the container's own, but out of it (CVE-2024-21626); put a directory there, or name another");
        }
    }

    // Null where the process has ended: the runtime's start tells of that.
    private static SafeFileHandle? Open(int pid, string link, string path)
    {
        int fd = PathCalls.Open($"/proc/{pid}/{link}", PathCalls.O_PATH | PathCalls.O_DIRECTORY | PathCalls.O_CLOEXEC);
        if (fd >= 0)
            return new SafeFileHandle(fd, ownsHandle: true);
        int errno = Marshal.GetLastPInvokeError();
        return errno is Errno.ENOENT or Errno.ESRCH
            ? null
            : throw new ContainerException($"{Setting.Workdir}: whether '{Printable.Line(path)}' lies inside the container cannot be seen: {Errno.Text(errno)}; run as root with CAP_SYS_PTRACE, or leave it at /");
    }
}
