using System.Text;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.RootFilesystems;

/// <summary>
/// A directory that becomes a container's root. Its content is hostile: everything below it is opened through
/// openat2(2), so that no symbolic link inside leads out to the host.
/// </summary>
public sealed class RootFilesystem : IDisposable
{
    private RootFilesystem(string path, SafeFileHandle directory)
    {
        Path = path;
        Directory = directory;
    }

    /// <summary>The directory's absolute path on the host, free of symbolic links.</summary>
    public string Path { get; }

    /// <summary>The directory, opened with O_PATH.</summary>
    internal SafeFileHandle Directory { get; }

    /// <summary>Opens the directory.</summary>
    /// <exception cref="RootFilesystemException">It is missing, not a directory, or the host's own root.</exception>
    public static RootFilesystem Open(string path)
    {
        if (path.Length == 0 || path.Contains('\0'))
            throw new RootFilesystemException($"'{path}'", "is no path", "name a directory");
        SafeFileHandle directory = PathCalls.Open(path, PathCalls.O_PATH | PathCalls.O_DIRECTORY, out int errno) ?? throw errno switch
        {
            Errno.ENOENT => new RootFilesystemException(path, "no such root filesystem", "name an existing directory, or build one first"),
            Errno.ENOTDIR => new RootFilesystemException(path, "the root filesystem is not a directory", "unpack the archive or image into a directory first"),
            _ => new RootFilesystemException(path, $"cannot open the root filesystem: {Errno.Text(errno)}", "check the path's permissions"),
        };
        string real = RealPath.Of(directory) ?? System.IO.Path.GetFullPath(path);
        if (real == "/")
        {
            directory.Dispose();
            throw new RootFilesystemException(path, "the host's own root directory is no root filesystem for a container", "name a directory that holds one");
        }
        return new RootFilesystem(real, directory);
    }

    /// <summary>
    /// The root of a process in another mount namespace, as its own processes see it: the kernel names what lies in it by paths that begin there, and
    /// so do our messages.
    /// </summary>
    /// <param name="directory">The directory, opened with O_PATH through /proc/PID/root.</param>
    /// <exception cref="RootFilesystemException">The directory is the host's own root.</exception>
    internal static RootFilesystem OfProcess(SafeFileHandle directory)
    {
        if (FileKind.FactsOf(directory) is { } facts && FileKind.FactsOf("/") is { } host
            && facts.Identity != host.Identity)
            return new RootFilesystem("", directory);
        directory.Dispose();
        throw new RootFilesystemException("/", "the process has no root of its own yet", "try again when its container runs");
    }

    // The runtimes mount the kernel's own files here, whatever the config says.
    private static readonly string[] KernelMounts = ["/proc", "/sys", "/dev"];

    /// <summary>
    /// Checks that no link redirects the runtime's own mounts: a symbolic link at one of them has been a way out of runc and of crun (CVE-2026-41579,
    /// CVE-2026-47766). Checked when a launch is planned, and again on the very directory that the runtime then gets.
    /// </summary>
    /// <exception cref="RootFilesystemException">One is a link, or not a directory.</exception>
    internal void CheckKernelMounts()
    {
        foreach (string target in KernelMounts)
            CheckMountTarget(target);
    }

    /// <summary>Opens the same directory again: a descriptor from before unshare(2) belongs to the mounts of the old namespace.</summary>
    /// <exception cref="RootFilesystemException">The path now leads to another directory.</exception>
    internal RootFilesystem Reopen()
    {
        RootFilesystem again = Open(Path);
        if (FileKind.FactsOf(again.Directory) is { } now && FileKind.FactsOf(Directory) is { } before
            && now.Identity == before.Identity)
        {
            return again;
        }
        again.Dispose();
        throw new RootFilesystemException(Path, "was replaced while the launch was under way", "launch again");
    }

    /// <summary>Opens a path as a process with this root would, links included; null with an errno when that fails.</summary>
    internal SafeFileHandle? OpenInside(string path, int flags, out int errno, UnixFileMode mode = 0) =>
        PathCalls.OpenBelow(Directory, Relative(path), flags, PathCalls.Resolve.InRoot, out errno, mode);

    /// <summary>Whether a path, whose parents are not links, is a symbolic link.</summary>
    internal bool IsLink(string path)
    {
        using SafeFileHandle? found = OpenInside(path, PathCalls.O_PATH | PathCalls.O_NOFOLLOW, out _);
        return found is not null && FileKind.Of(found) == FileKind.Link;
    }

    /// <summary>
    /// Opens a file for reading as a process with this root would find it, links included; null where there is none, or where it is not a regular
    /// file: a container may have put a FIFO, a device, or a link to one of the kernel's own files there.
    /// </summary>
    internal SafeFileHandle? OpenFile(string path)
    {
        using SafeFileHandle? file = OpenInside(path, PathCalls.O_PATH, out _);
        try
        {
            return file is null ? null : RegularFile.Open(file);
        }
        catch (UnfitFileException)
        {
            return null;
        }
    }

    /// <summary>The text of a regular file inside, of at most <paramref name="largest"/> bytes; null where there is none.</summary>
    /// <exception cref="RootFilesystemException">The path is a link that points out of the root, is not a regular file, or is larger.</exception>
    internal string? ReadFile(string path, int largest)
    {
        // Beneath, not InRoot: a link that is absolute or climbs out was not made for this root, so its meaning is not guessed.
        using SafeFileHandle? file = PathCalls.OpenBelow(
            Directory, Relative(path), PathCalls.O_PATH, PathCalls.Resolve.Beneath, out int errno);
        if (file is null)
        {
            return errno switch
            {
                Errno.ENOENT or Errno.ENOTDIR => null,
                Errno.EXDEV => throw PointsOut(path),
                _ => throw new RootFilesystemException(Path + path, $"cannot be read: {Errno.Text(errno)}", "mend the root filesystem"),
            };
        }
        try
        {
            using SafeFileHandle content = RegularFile.Open(file);
            return Encoding.UTF8.GetString(RegularFile.Read(content, largest).Span);
        }
        catch (UnfitFileException e)
        {
            throw new RootFilesystemException(Path + path, e.Message, "mend the root filesystem");
        }
    }

    /// <summary>Creates a directory and its parents, as a process with this root would; existing ones stay as they are.</summary>
    /// <exception cref="RootFilesystemException">A parent is not a directory, or cannot be written.</exception>
    internal void MakeDirectory(string path)
    {
        string made = "";
        foreach (string part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            using SafeFileHandle parent = OpenDirectory(made);
            made += $"/{part}";
            // The result is checked when the entry is opened.
            _ = EntryCalls.MakeDirectory(parent, EntryName.Of(part), FileModes.PublicDirectory);
        }
        OpenDirectory(made).Dispose();
    }

    private SafeFileHandle OpenDirectory(string path) =>
        OpenInside(path, PathCalls.O_PATH | PathCalls.O_DIRECTORY, out int errno)
        ?? throw new RootFilesystemException(Path + path, $"cannot be a directory: {Errno.Text(errno)}", "mend the root filesystem");

    /// <summary>Checks a mount point: no symbolic link on the way, and a directory where it exists.</summary>
    /// <returns>The directory's permission bits; null where it does not exist.</returns>
    /// <exception cref="RootFilesystemException">The path contains a link, or is not a directory.</exception>
    internal uint? CheckMountTarget(string path)
    {
        using SafeFileHandle? target = PathCalls.OpenBelow(
            Directory, Relative(path), PathCalls.O_PATH, PathCalls.Resolve.Beneath | PathCalls.Resolve.NoSymlinks, out int errno);
        if (target is not null)
        {
            if (FileKind.Of(target) != FileKind.Directory)
                throw new RootFilesystemException(Path + path, $"cannot mount on {path}: it is not a directory", "name a directory, or a path that does not exist");
            return (uint?)FileKind.FactsOf(target)?.Mode & 0xFFF;
        }
        switch (errno)
        {
            case Errno.ENOENT:
                return null;
            case Errno.ENOTDIR:
                throw new RootFilesystemException(Path + path, $"cannot mount on {path}: a part of the path is not a directory", "name a path whose parents are directories");
            case Errno.ELOOP or Errno.EXDEV:
                using (SafeFileHandle? beneath = PathCalls.OpenBelow(Directory, Relative(path), PathCalls.O_PATH, PathCalls.Resolve.Beneath, out errno))
                {
                    if (errno == Errno.EXDEV)
                        throw PointsOut(path);
                }
                throw new RootFilesystemException(
                    Path + path, $"cannot mount on {path}: it is, or goes through, a symbolic link", $"name the directory itself ({ResolveInside(path)})");
            default:
                throw new RootFilesystemException(Path + path, $"cannot look at {path}: {Errno.Text(errno)}", "mend the root filesystem");
        }
    }

    /// <summary>The path with the symbolic links of its existing part resolved inside this root; a part that does not exist stays as it is.</summary>
    /// <exception cref="RootFilesystemException">The path goes through a link whose target does not exist.</exception>
    internal string ResolveInside(string path)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(path) > Translation.ExecLimits.LongestPath)
            throw new RootFilesystemException(Path,
                $"a path inside is longer than the {Translation.ExecLimits.LongestPath} bytes that the kernel takes ('{Text.Printable.Clean(path, 40)}')", "name a shorter one");
        string existing = path, rest = "";
        while (existing is not ("" or "/"))
        {
            using SafeFileHandle? found = OpenInside(existing, PathCalls.O_PATH, out _);
            if (found is not null)
            {
                string real = RealPath.Of(found) ?? "";
                bool inside = real == Path || real.StartsWith(Path + "/", StringComparison.Ordinal);
                return inside ? real[Path.Length..] + rest is { Length: > 0 } joined ? joined : "/" : path;
            }
            // A link whose target does not exist yet, such as /proc/self/fd, would lead somewhere once the container's mounts are made.
            using SafeFileHandle? link = OpenInside(existing, PathCalls.O_PATH | PathCalls.O_NOFOLLOW, out _);
            if (link is not null)
                throw new RootFilesystemException(Path + existing, $"{existing} is a symbolic link to what the root filesystem does not have", "name the path that it leads to");
            int slash = existing.LastIndexOf('/');
            rest = existing[slash..] + rest;
            existing = existing[..slash];
        }
        return rest;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Dispose();

    private RootFilesystemException PointsOut(string path) => new(
        Path + path, $"{path} is a symbolic link that points out of the root filesystem", "replace it by a file or directory, or by a relative link that stays inside");

    private static string Relative(string path) => path.TrimStart('/') is { Length: > 0 } relative ? relative : ".";
}
