using System.Text;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.RootFilesystems;

/// <summary>What a container that is connected to networks knows of itself there.</summary>
/// <param name="Names">Its names beside its host name.</param>
/// <param name="Addresses">Its addresses.</param>
/// <param name="Servers">The servers of names.</param>
/// <param name="Domains">The domains in which names are searched.</param>
public sealed record ConnectedNames(IReadOnlyList<string> Names, IReadOnlyList<string> Addresses, IReadOnlyList<string> Servers, IReadOnlyList<string> Domains);

/// <summary>/etc/hosts, /etc/hostname and /etc/resolv.conf of a container: created for each launch, never written into the user's tree.</summary>
public sealed record NetworkFiles(string Hosts, string HostName, string ResolvConf)
{
    // Set after the files are created: the caller's umask must neither hide the files from the container's users nor let them write.
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const int LargestHosts = 4 << 20;

    private static readonly string[] Names = ["hosts", "hostname", "resolv.conf"];

    private const string NoNetwork = "# this container has no network\n";

    private static readonly string[] OfResolver = ["nameserver", "search", "domain", "options"];

    /// <summary>The content of /etc/localtime; null to leave the one that the root filesystem has.</summary>
    public ReadOnlyMemory<byte>? LocalTime { get; init; }

    /// <summary>The files' contents for a network mode. With the host's network, name resolution is the host's, but for what was asked for.</summary>
    /// <param name="network">The mode.</param>
    /// <param name="hostName">The container's host name.</param>
    /// <param name="names">What was asked for.</param>
    /// <param name="connected">What a connected container knows of itself; null for one that is not.</param>
    public static NetworkFiles For(NetworkMode network, string hostName, NameResolution names, ConnectedNames? connected = null)
    {
        bool shared = network == NetworkMode.Host;
        string hosts = shared ? SmallFile.Read("/etc/hosts", LargestHosts) ?? "127.0.0.1\tlocalhost\n"
            : "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n" + OwnHosts(hostName, connected);
        string usual = shared ? SmallFile.Read("/etc/resolv.conf") ?? "" : connected is null ? NoNetwork : ResolverOf(connected);
        return new NetworkFiles(WithHosts(hosts, names.Hosts), hostName + "\n", Resolver(usual, names));
    }

    private static string OwnHosts(string hostName, ConnectedNames? connected) => connected is null or { Addresses.Count: 0 }
        ? $"127.0.1.1\t{hostName}\n"
        : string.Concat(connected.Addresses.Select(address => $"{address}\t{string.Join(' ', new[] { hostName }.Concat(connected.Names).Distinct())}\n"));

    // A network without a server of names has the host's, as under podman; one at the host's loopback is another thing inside.
    private static string ResolverOf(ConnectedNames connected) => connected.Servers.Count == 0
        ? string.Concat((SmallFile.Read("/etc/resolv.conf") ?? "").Split('\n').Where(line => line.Length > 0 && !IsLoopbackServer(line)).Select(line => $"{line}\n"))
        : (connected.Domains.Count > 0 ? $"search {string.Join(' ', connected.Domains)}\n" : "") + string.Concat(connected.Servers.Select(server => $"nameserver {server}\n"));

    private static bool IsLoopbackServer(string line) => Word(line) == "nameserver"
        && System.Net.IPAddress.TryParse(line[Word(line).Length..].Trim(), out System.Net.IPAddress? address) && System.Net.IPAddress.IsLoopback(address);

    // The first line that names a host counts (hosts(5)): what the user asks for comes first.
    private static string WithHosts(string hosts, IReadOnlyList<string> asked) => string.Concat(asked.Select(line => $"{line}\n")) + hosts;

    private static string Resolver(string usual, NameResolution names)
    {
        if (names.Servers.Count + names.Search.Count + names.Options.Count == 0)
            return usual;
        string[] own = [.. usual.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => OfResolver.Contains(Word(line)))];
        IEnumerable<string> servers = names.Servers.Count > 0 ? names.Servers.Select(server => $"nameserver {server}") : own.Where(line => Word(line) == "nameserver");
        IEnumerable<string> search = names.Search.Count == 0 ? own.Where(line => Word(line) is "search" or "domain")
            : names.Search.Contains(".") ? [] : [$"search {string.Join(' ', names.Search)}"];
        IEnumerable<string> options = names.Options.Count > 0 ? [$"options {string.Join(' ', names.Options)}"] : own.Where(line => Word(line) == "options");
        return string.Concat(search.Concat(servers).Concat(options).Select(line => $"{line}\n"));
    }

    private static string Word(string line) => line.Split(' ', '\t')[0];

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
            Write(layer, etc, Names[0], Encoding.UTF8.GetBytes(Hosts));
            Write(layer, etc, Names[1], Encoding.UTF8.GetBytes(HostName));
            Write(layer, etc, Names[2], Encoding.UTF8.GetBytes(ResolvConf));
            if (LocalTime is { } zone)
                Write(layer, etc, "localtime", zone.Span);
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

    private static void Write(RootFilesystem layer, SafeFileHandle etc, string name, ReadOnlySpan<byte> content)
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
        RandomAccess.Write(file, content, 0);
    }
}
