using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.Text;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Launching.Planning;

/// <summary>
/// Holds a container's working directory inside the container. A runtime enters it by its path, and a path below /proc/self/fd can be a directory of
/// the host that the runtime has open (CVE-2024-21626); the root filesystem, or a volume, may lead there by a link.
/// </summary>
internal static class WorkingDirectory
{
    /// <summary>Whether the path is the root, which no link can move.</summary>
    internal static bool IsRoot(string path) => path.StartsWith('/') && Path.GetFullPath(path).TrimEnd('/').Length == 0;

    /// <summary>Refuses a path that leads out of the root filesystem as it is now, and says why before anything is created.</summary>
    /// <exception cref="ContainerException">The path leads out.</exception>
    /// <exception cref="RootFilesystemException">The path goes through a link whose target does not exist.</exception>
    internal static void Check(RootFilesystem root, string path)
    {
        if (!path.StartsWith('/'))
            return; // The translator refuses it and says why.
        string? real = path.Contains('\0') || path.Split('/').Contains("..") ? null : root.ResolveInside(Path.GetFullPath(path));
        if (real is null || ContainerPath.IsAtOrBelow(real, "/proc") || ContainerPath.IsAtOrBelow(real, "/dev/fd"))
            throw new ContainerException($"{Setting.Workdir}: '{Printable.Line(path)}' holds '..' or leads into /proc; name a directory of the root filesystem");
    }

    /// <summary>
    /// Whether only root can change where the path leads between that check and the launch: it is the image's own, which lies in root's store, and in
    /// no volume.
    /// </summary>
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
    /// runtime's <c>start</c>, and nothing in the container can move it: the directory that is seen here is the one the command gets.
    /// </summary>
    /// <exception cref="ContainerException">The process has entered another directory.</exception>
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
                throw new ContainerException($"{Setting.Workdir}: '{Printable.Line(path)}' does not lead to a directory of the container's own, but out of it (CVE-2024-21626); " +
                    $"put a directory there, or name another");
        }
    }

    // Null where the process has ended: the runtime's start reports that.
    private static SafeFileHandle? Open(int pid, string link, string path)
    {
        SafeFileHandle? opened = PathCalls.Open($"/proc/{pid}/{link}", PathCalls.O_PATH | PathCalls.O_DIRECTORY, out int errno);
        return opened is not null || errno is Errno.ENOENT or Errno.ESRCH
            ? opened
            : throw new ContainerException($"{Setting.Workdir}: whether '{Printable.Line(path)}' lies inside the container cannot be seen: {Errno.Text(errno)}; run as root with " +
                $"CAP_SYS_PTRACE, or leave it at /");
    }
}
