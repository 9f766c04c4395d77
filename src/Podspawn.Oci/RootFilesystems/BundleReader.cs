using System.Text.Json;
using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Native;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation;

namespace Podspawn.Oci.RootFilesystems;

/// <summary>What is taken over from an OCI bundle: process, mounts and root. The security config decides on all else.</summary>
/// <param name="RootPath">The root filesystem, absolute.</param>
/// <param name="RootReadonly">Whether the bundle has its root read-only.</param>
/// <param name="Process">The process, as it stands in config.json.</param>
/// <param name="HostName">The host name, or null.</param>
/// <param name="Volumes">Its bind mounts.</param>
/// <param name="Tmpfs">Its tmpfs mounts beyond the default ones: path and options.</param>
/// <param name="Capabilities">A ceiling: what the bundle grants at most.</param>
/// <param name="Notes">What of the bundle was left out.</param>
public sealed record Bundle(
    string RootPath,
    bool RootReadonly,
    Process Process,
    string? HostName,
    IReadOnlyList<VolumeMount> Volumes,
    IReadOnlyList<KeyValuePair<string, string>> Tmpfs,
    CapabilitySet Capabilities,
    IReadOnlyList<Note> Notes);

/// <summary>Reads an OCI bundle (OCI runtime spec, bundle.md). Nothing in it may widen what the security config allows.</summary>
public static class BundleReader
{
    private const int LargestConfig = 4 << 20;

    // The translator's own default mounts stand at these places; those of the bundle give way.
    private static readonly string[] DefaultMounts = ["/proc", "/dev", "/dev/pts", "/dev/shm", "/dev/mqueue", "/sys", "/sys/fs/cgroup"];

    private static readonly string[] BindFlags = ["bind", "rbind", "ro", "rw", "private", "rprivate", "slave", "rslave", "nosuid", "nodev", "noexec"];

    /// <summary>Reads <paramref name="directory"/>/config.json.</summary>
    /// <exception cref="RootFilesystemException">There is none, it is no config.json, or it asks for what is not taken over and would be missed.</exception>
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
            throw new RootFilesystemException(path, e.Number is Errno.ENOENT or Errno.ENOTDIR ? "no such bundle" : e.Message, "name a directory with config.json and a root filesystem");
        }
        try
        {
            return Take(SpecJson.Deserialize(json.Span), JsonDocument.Parse(json).RootElement, Path.GetDirectoryName(path)!, path);
        }
        catch (JsonException e)
        {
            throw new RootFilesystemException($"{path}:{e.LineNumber + 1}:{e.BytePositionInLine + 1}", $"is no OCI config.json ({e.Path})", "mend it, or make a new one with the spec verb");
        }
    }

    private static Bundle Take(RuntimeSpec spec, JsonElement raw, string directory, string path)
    {
        if (LacksWhatItMustHave(spec))
            throw new RootFilesystemException(path, "has null where the OCI runtime spec wants a value", "mend it, or make a new one with the spec verb");
        if (!spec.OciVersion.StartsWith("1.", StringComparison.Ordinal))
            throw new RootFilesystemException(path, $"is of version '{spec.OciVersion}' of the OCI runtime spec", "use a bundle of version 1");
        if (spec.Linux.Namespaces.Any(ns => ns.Type == "user"))
            throw new RootFilesystemException(path, "asks for a user namespace, which is not supported: without it root inside is root outside", "remove it from linux.namespaces, if that is what you want");

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
        }
        if (raw.TryGetProperty("process", out JsonElement process))
        {
            LeaveOut(notes, process, "rlimits", "the launcher sets its own");
            LeaveOut(notes, process, "apparmorProfile", "security modules are left alone");
            LeaveOut(notes, process, "selinuxLabel", "security modules are left alone");
        }
        foreach (LinuxNamespace joined in spec.Linux.Namespaces.Where(ns => ns.Path is not null))
            notes.Add(new Note("bundle.linux.namespaces", NoteSeverity.Differently, $"the {joined.Type} namespace at {joined.Path} is not joined: the container gets one of its own"));

        var volumes = new List<VolumeMount>();
        var tmpfs = new List<KeyValuePair<string, string>>();
        foreach (Mount mount in spec.Mounts.Where(mount => !DefaultMounts.Contains(mount.Destination)))
            Sort(mount, directory, path, volumes, tmpfs);

        string root = Path.GetFullPath(spec.Root.Path, directory);
        return new Bundle(root, spec.Root.Readonly, spec.Process, spec.Hostname, volumes, tmpfs, Ceiling(spec.Process.Capabilities), notes);
    }

    // The JSON reader sees to it that members are there, not that they are not null.
    private static bool LacksWhatItMustHave(RuntimeSpec spec) =>
        spec is { OciVersion: null } or { Process: null } or { Root: null } or { Root.Path: null } or { Mounts: null } or { Linux: null } or { Linux.Namespaces: null }
        || spec.Process is { User: null } or { Args: null } or { Cwd: null }
        || spec.Process.Args.Contains(null!) || (spec.Process.Env?.Contains(null!) ?? false)
        || spec.Mounts.Any(mount => mount is null or { Destination: null } || (mount.Options?.Contains(null!) ?? false))
        || spec.Linux.Namespaces.Any(space => space is null or { Type: null })
        || (spec.Process.Capabilities?.Bounding?.Contains(null!) ?? false);

    private static void Sort(Mount mount, string directory, string path, List<VolumeMount> volumes, List<KeyValuePair<string, string>> tmpfs)
    {
        IReadOnlyList<string> options = mount.Options ?? [];
        if (mount.Type == "tmpfs")
        {
            tmpfs.Add(new(mount.Destination, string.Join(',', options)));
            return;
        }
        bool bind = mount.Type is "bind" or "none" or null && (options.Contains("bind") || options.Contains("rbind"));
        if ((!bind && mount.Type != "bind") || mount.Source is null)
            throw new RootFilesystemException(path, $"mounts a filesystem of type '{mount.Type}' at {mount.Destination}", "only bind and tmpfs mounts are taken from a bundle: remove it");
        if (options.FirstOrDefault(option => !BindFlags.Contains(option)) is { } unknown)
            throw new RootFilesystemException(path, $"mounts {mount.Destination} with the option '{unknown}'", $"use {string.Join(", ", BindFlags)}");
        volumes.Add(new VolumeMount(Path.GetFullPath(mount.Source, directory), mount.Destination, options.LastOrDefault(option => option is "ro" or "rw") == "ro")
        {
            IsFile = File.Exists(Path.GetFullPath(mount.Source, directory)),
            Options = [.. options.Where(option => option is "nosuid" or "nodev" or "noexec")],
        });
    }

    // The bounding set is the ceiling of a process (capabilities(7)); a bundle that names no capabilities grants none.
    private static CapabilitySet Ceiling(ProcessCapabilities? capabilities)
    {
        CapabilitySet ceiling = CapabilitySet.Empty;
        foreach (string name in capabilities?.Bounding ?? [])
        {
            if (CapabilityNames.TryParse(name, out Capability capability))
                ceiling |= CapabilitySet.Of(capability);
        }
        return ceiling;
    }

    private static void LeaveOut(List<Note> notes, JsonElement parent, string name, string why)
    {
        if (parent.TryGetProperty(name, out JsonElement value) && value.ValueKind is JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.String)
            notes.Add(new Note($"bundle.{name}", NoteSeverity.Differently, $"{name} of the bundle is not used: {why}"));
    }
}
