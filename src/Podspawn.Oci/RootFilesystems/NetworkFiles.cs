using System.Text;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.RootFilesystems;

/// <summary>/etc/hosts, /etc/hostname and /etc/resolv.conf of a container: created for each launch, never written into the user's tree.</summary>
public sealed record NetworkFiles(string Hosts, string HostName, string ResolvConf)
{
    // Set after the files are created: the caller's umask must neither hide the files from the container's users nor let them write.
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const int LargestHosts = 4 << 20;

    private static readonly string[] Names = ["hosts", "hostname", "resolv.conf"];

    /// <summary>The files' contents for a network mode. With the host's network, name resolution is the host's.</summary>
    public static NetworkFiles For(NetworkMode network, string hostName)
    {
        if (network == NetworkMode.Host)
        {
            return new NetworkFiles(
                SmallFile.Read("/etc/hosts", LargestHosts) ?? "127.0.0.1\tlocalhost\n", hostName + "\n", SmallFile.Read("/etc/resolv.conf") ?? "");
        }
        string hosts = $"127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n127.0.1.1\t{hostName}\n";
        return new NetworkFiles(hosts, hostName + "\n", "# this container has no network\n");
    }

    /// <summary>Writes the files into a mounted scratch layer, replacing what the root filesystem has there (a link too).</summary>
    /// <exception cref="RootFilesystemException">The layer cannot be written.</exception>
    public void WriteInto(RootFilesystem layer)
    {
        if (layer.OpenInside("/etc", PathCalls.O_PATH | PathCalls.O_DIRECTORY, out int errno) is not { } etc)
        {
            if (errno != Errno.ENOENT)
                return; // /etc is a file or a dangling link: the container has no use for these files.
            _ = EntryCalls.MakeDirectory(layer.Directory, EntryName.Of("etc"), FileModes.PublicDirectory);
            if (layer.OpenInside("/etc", PathCalls.O_PATH | PathCalls.O_DIRECTORY, out _) is not { } made)
                return;
            etc = made;
        }
        using (etc)
        {
            Write(layer, etc, Names[0], Hosts);
            Write(layer, etc, Names[1], HostName);
            Write(layer, etc, Names[2], ResolvConf);
        }
    }

    /// <summary>
    /// Bind mounts of files in <paramref name="directory"/> for those targets that exist in the root filesystem as regular files: for a root
    /// filesystem that the container writes to directly, in which a missing target must not be created.
    /// </summary>
    public static IReadOnlyList<VolumeMount> BindMounts(RootFilesystem root, string directory)
    {
        var mounts = new List<VolumeMount>();
        foreach (string name in Names)
        {
            using SafeFileHandle? target = PathCalls.OpenBelow(
                root.Directory, $"etc/{name}", PathCalls.O_PATH, PathCalls.Resolve.Beneath | PathCalls.Resolve.NoSymlinks, out _);
            if (target is not null && FileKind.Of(target) == FileKind.Regular)
                mounts.Add(new VolumeMount($"{directory}/{name}", $"/etc/{name}"));
        }
        return mounts;
    }

    /// <summary>Writes the files into a directory of ours.</summary>
    public void WriteBeside(string directory)
    {
        foreach ((string name, string content) in new[] { (Names[0], Hosts), (Names[1], HostName), (Names[2], ResolvConf) })
        {
            File.WriteAllText($"{directory}/{name}", content);
            File.SetUnixFileMode($"{directory}/{name}", Mode);
        }
    }

    private static void Write(RootFilesystem layer, SafeFileHandle etc, string name, string content)
    {
        // The existing entry may be a link or a device: it is unlinked in the layer, and the file is created again.
        _ = EntryCalls.Remove(etc, EntryName.Of(name));
        using SafeFileHandle? file = PathCalls.OpenBelow(
            etc, name, PathCalls.O_WRONLY | PathCalls.O_CREAT | PathCalls.O_EXCL, PathCalls.Resolve.Beneath | PathCalls.Resolve.NoSymlinks, out int errno, FileModes.PublicFile);
        if (file is null)
        {
            if (errno is Errno.EEXIST or Errno.EISDIR)
                return; // A directory has that name: it stays.
            throw new RootFilesystemException(layer.Path, $"cannot write /etc/{name} into the scratch layer: {Errno.Text(errno)}", "make room on its filesystem");
        }
        File.SetUnixFileMode(file, Mode);
        RandomAccess.Write(file, Encoding.UTF8.GetBytes(content), 0);
    }
}
