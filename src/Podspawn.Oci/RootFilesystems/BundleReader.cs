using System.Text.Json;
using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Native;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Text;
using Podspawn.Oci.Translation;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.RootFilesystems;

/// <summary>What is used of an OCI bundle: process, mounts and root. The security config decides on everything else.</summary>
/// <param name="RootPath">The root filesystem, absolute.</param>
/// <param name="RootReadonly">Whether the bundle has its root read-only.</param>
/// <param name="Process">The process, as in config.json.</param>
/// <param name="HostName">The host name, or null.</param>
/// <param name="Volumes">Its bind mounts.</param>
/// <param name="Tmpfs">Its tmpfs mounts beyond the default ones: path and options.</param>
/// <param name="Capabilities">The ceiling: the most that the bundle grants.</param>
/// <param name="Notes">Notes on what was left out.</param>
public sealed record Bundle(
    string RootPath,
    bool RootReadonly,
    Process Process,
    string? HostName,
    IReadOnlyList<VolumeMount> Volumes,
    IReadOnlyList<KeyValuePair<string, string>> Tmpfs,
    CapabilitySet Capabilities,
    IReadOnlyList<Note> Notes)
{
    /// <summary>The bundle's own directory, free of symbolic links.</summary>
    public required string Directory { get; init; }

    /// <summary>Bind mounts from outside of that directory: no bundle brings anything of the host in by itself.</summary>
    public IReadOnlyList<VolumeMount> HostVolumes { get; init; } = [];
}

/// <summary>Reads an OCI bundle (OCI runtime spec, bundle.md). Nothing in it may widen what the security config allows.</summary>
public static class BundleReader
{
    private const int LargestConfig = 4 << 20;

    // The translator's own default mounts are at these paths, and replace those of the bundle.
    private static readonly string[] DefaultMounts = ["/proc", "/dev", "/dev/pts", "/dev/shm", "/dev/mqueue", "/sys", "/sys/fs/cgroup"];

    private static readonly string[] BindFlags = ["bind", "rbind", "ro", "rw", "private", "rprivate", "slave", "rslave", "nosuid", "nodev", "noexec"];

    /// <summary>Reads <paramref name="directory"/>/config.json.</summary>
    /// <exception cref="RootFilesystemException">The file is missing or is not a config.json, or it asks for something that would be missed if it were left out.</exception>
    public static Bundle Read(string directory)
    {
        string path = Path.GetFullPath($"{directory}/config.json");
        ReadOnlyMemory<byte> json;
        try
        {
            json = RegularFile.Read(path, LargestConfig);
        }
        catch (UnfitFileException e)
        {
            throw new RootFilesystemException(path, e.Number is Errno.ENOENT or Errno.ENOTDIR ? "no such bundle" : e.Message,
                "name a directory with config.json and a root filesystem");
        }
        try
        {
            return Take(SpecJson.Deserialize(json.Span), JsonDocument.Parse(json).RootElement, Path.GetDirectoryName(path)!, path);
        }
        catch (JsonException e)
        {
            throw new RootFilesystemException($"{path}:{e.LineNumber + 1}:{e.BytePositionInLine + 1}", $"is no OCI config.json ({e.Path})",
                "mend it, or make a new one with the spec verb");
        }
    }

    private static Bundle Take(RuntimeSpec spec, JsonElement raw, string directory, string path)
    {
        if (LacksWhatItMustHave(spec))
            throw new RootFilesystemException(path, "has null where the OCI runtime spec wants a value", "mend it, or make a new one with the spec verb");
        if (spec.Mounts.Select(mount => mount.Source).Append(spec.Root.Path).Any(named => named?.Contains('\0') ?? false))
            throw new RootFilesystemException(path, "has a NUL in a path", "remove it");
        if (spec.Process.Args.Concat(spec.Process.Env ?? []).Append(spec.Process.Cwd).FirstOrDefault(ExecLimits.IsTooLong) is { } tooLong)
            throw new RootFilesystemException(path,
                $"has a text in its process that is longer than the {ExecLimits.LongestText} bytes that the kernel takes ('{Printable.Clean(tooLong, 20)}')", "shorten it");
        if (!spec.OciVersion.StartsWith("1.", StringComparison.Ordinal))
            throw new RootFilesystemException(path, $"is of version '{Shown(spec.OciVersion)}' of the OCI runtime spec", "use a bundle of version 1");
        if (spec.Linux.Namespaces.Any(ns => ns.Type == "user"))
            throw new RootFilesystemException(path, "asks for a user namespace, which is not supported: without it root inside is root outside",
                "remove it from linux.namespaces, if that is what you want");

        var notes = new List<Note>();
        LeaveOut(notes, raw, "hooks", "hooks would run on the host");
        if (raw.TryGetProperty("linux", out JsonElement linux))
        {
            LeaveOut(notes, linux, "devices", "the device rules of the translator hold");
            LeaveOut(notes, linux, "seccomp", "the filter of security.seccomp holds");
            LeaveOut(notes, linux, "sysctl", "kernel parameters are not taken from a bundle");
            LeaveOut(notes, linux, "resources", "the limits of the config hold");
            LeaveOut(notes, linux, "maskedPaths", "the list of security.masked_paths holds");
            LeaveOut(notes, linux, "readonlyPaths", "the list of security.readonly_paths holds");
            LeaveOut(notes, linux, "mountLabel", "security modules are left alone");
            LeaveOut(notes, linux, "cgroupsPath", "the container gets a cgroup of its own");
            LeaveOut(notes, linux, "rootfsPropagation", "no mount of the container's reaches the host");
            LeaveOut(notes, linux, "personality", "the host's own holds");
            LeaveOut(notes, linux, "intelRdt", "processor caches are not divided");
        }
        if (raw.TryGetProperty("process", out JsonElement process))
        {
            LeaveOut(notes, process, "rlimits", "the launcher sets its own");
            LeaveOut(notes, process, "oomScoreAdj", "the launcher sets its own");
            LeaveOut(notes, process, "scheduler", "processes are scheduled as any other");
            LeaveOut(notes, process, "ioPriority", "processes are scheduled as any other");
            LeaveOut(notes, process, "apparmorProfile", "security modules are left alone");
            LeaveOut(notes, process, "selinuxLabel", "security modules are left alone");
        }
        foreach (LinuxNamespace joined in spec.Linux.Namespaces.Where(ns => ns.Path is not null))
            notes.Add(new Note("bundle.linux.namespaces", NoteSeverity.Differently,
                $"the {Shown(joined.Type)} namespace at {Shown(joined.Path)} is not joined: the container gets one of its own"));

        var volumes = new List<VolumeMount>();
        var tmpfs = new List<KeyValuePair<string, string>>();
        foreach (Mount mount in spec.Mounts)
        {
            if (!DefaultMounts.Contains(mount.Destination))
                Sort(mount, directory, path, volumes, tmpfs);
            else if (IsBind(mount))
                notes.Add(new Note("bundle.mounts", NoteSeverity.Differently, $"the bind mount at {mount.Destination} is not used: the container gets its own"));
        }

        string own = RealPath.Of(directory) ?? directory;
        string root = Path.GetFullPath(spec.Root.Path, directory);
        return new Bundle(root, spec.Root.Readonly, spec.Process, spec.Hostname, [.. volumes.Where(volume => IsIn(own, volume))], tmpfs, Ceiling(spec.Process.Capabilities), notes)
        {
            Directory = own,
            HostVolumes = [.. volumes.Where(volume => !IsIn(own, volume))],
        };
    }

    // The JSON reader requires members to exist, but not to be non-null.
    private static bool LacksWhatItMustHave(RuntimeSpec spec) =>
        spec is { OciVersion: null } or { Process: null } or { Root: null } or { Root.Path: null } or { Mounts: null } or { Linux: null } or { Linux.Namespaces: null }
        || spec.Process is { User: null } or { Args: null } or { Cwd: null }
        || spec.Process.Args.Contains(null!) || (spec.Process.Env?.Contains(null!) ?? false)
        || spec.Mounts.Any(mount => mount is null or { Destination: null } || (mount.Options?.Contains(null!) ?? false))
        || spec.Linux.Namespaces.Any(space => space is null or { Type: null })
        || (spec.Process.Capabilities?.Bounding?.Contains(null!) ?? false);

    // Foreign text in our messages must neither move the cursor nor begin a line.
    private static string Shown(string? text) => Printable.Clean(text ?? "", 200);

    private static bool IsIn(string directory, VolumeMount volume) => ContainerPath.IsAtOrBelow(volume.Source, directory);

    private static bool IsBind(Mount mount) => mount.Type == "bind" || (mount.Options ?? []).Any(option => option is "bind" or "rbind");

    private static void Sort(Mount mount, string directory, string path, List<VolumeMount> volumes, List<KeyValuePair<string, string>> tmpfs)
    {
        IReadOnlyList<string> options = mount.Options ?? [];
        if (mount.Type == "tmpfs")
        {
            tmpfs.Add(new(mount.Destination, string.Join(',', options)));
            return;
        }
        if (mount.Type is not ("bind" or "none" or null) || !IsBind(mount) || mount.Source is null)
            throw new RootFilesystemException(path, $"mounts a filesystem of type '{Shown(mount.Type)}' at {Shown(mount.Destination)}",
                "only bind and tmpfs mounts are taken from a bundle: remove it");
        if (options.FirstOrDefault(option => !BindFlags.Contains(option)) is { } unknown)
            throw new RootFilesystemException(path, $"mounts {Shown(mount.Destination)} with the option '{Shown(unknown)}'", $"use {string.Join(", ", BindFlags)}");
        // Judged by what it is and where it really lies: a link in the bundle leads wherever its creator wanted.
        string source = Path.GetFullPath(mount.Source, directory);
        if (RealPath.Of(source) is not { } real)
            throw new RootFilesystemException(path, $"mounts {Shown(source)} at {Shown(mount.Destination)}, which does not exist", "make it, or remove the mount");
        int kind = FileKind.FactsOf(real)?.Type ?? 0;
        if (kind is not (FileKind.Directory or FileKind.Regular))
            throw new RootFilesystemException(path, $"mounts {Shown(source)} at {Shown(mount.Destination)}, which is neither a directory nor a regular file", "remove the mount");
        volumes.Add(new VolumeMount(real, mount.Destination, options.LastOrDefault(option => option is "ro" or "rw") == "ro")
        {
            IsFile = kind == FileKind.Regular,
            // A device file that came with the bundle gives access to the device all the same.
            Options = [.. options.Where(option => option is "nosuid" or "noexec"), "nodev"],
        });
    }

    // The bounding set is the ceiling of a process (capabilities(7)); a bundle that names no capabilities grants none.
    private static CapabilitySet Ceiling(ProcessCapabilities? capabilities) => CapabilityNames.SetOf(capabilities?.Bounding);

    private static void LeaveOut(List<Note> notes, JsonElement parent, string name, string why)
    {
        if (parent.TryGetProperty(name, out JsonElement value) && value.ValueKind is JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.String or JsonValueKind.Number)
            notes.Add(new Note($"bundle.{name}", NoteSeverity.Differently, $"{name} of the bundle is not used: {why}"));
    }
}
