using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.State;
using Podspawn.Oci.Text;
using Podspawn.Oci.Translation.Requests;
using Podspawn.Oci.Volumes;

namespace Podspawn.Oci.Launching.Planning;

/// <summary>Turns the mounts that the user has asked for into those of a launch: looks at the host and into the root filesystem, makes nothing.</summary>
public static class MountRequests
{
    private static readonly string[] Hardened = ["nosuid", "nodev"];

    /// <summary>
    /// The tmpfs mounts that the user has asked for, each as <c>PATH:OPTIONS</c>: they go into the config, whose rules hold for them.
    /// </summary>
    /// <param name="tmpfs">Texts of the setting for a tmpfs.</param>
    /// <param name="mounts">Texts of the setting for mounts of any type.</param>
    /// <exception cref="ContainerException">Two go to one path, or a text is none.</exception>
    public static IReadOnlyList<string> TmpfsOf(IReadOnlyList<string> tmpfs, IReadOnlyList<string> mounts)
    {
        // What is said twice in the same words is meant once, as podman has it.
        List<string> all = [.. tmpfs.Distinct()];
        HashSet<string> taken = [];
        foreach (string text in all)
            RequireFree(taken, CleanPath.Of(text.Split(':')[0]));
        foreach (MountRequest request in mounts.Distinct().Select(MountText.Read).Where(request => request.Tmpfs is not null))
        {
            if (request.Destination.Contains(':'))
                throw request.Bad("has a colon in the path of a tmpfs", "choose another path");
            RequireFree(taken, request.Destination);
            all.Add($"{request.Destination}:{request.Tmpfs}".TrimEnd(':'));
        }
        return all;
    }

    /// <summary>The volumes, images and bind mounts of a launch: those of other containers first, which its own replace.</summary>
    /// <exception cref="ContainerException">One cannot be had.</exception>
    /// <exception cref="RootFilesystemException">A destination leads to where nothing may be mounted.</exception>
    internal static IReadOnlyList<VolumeMount> Of(LaunchOptions options, LaunchSource source, StateLayout layout, string id)
    {
        (RootFilesystem root, string images) = (source.Root, layout.Of(id).Images);
        IReadOnlyList<VolumeMount> own =
        [
            .. options.Volumes.Distinct().Select(VolumeText.Read).Concat(options.MountTexts.Distinct().Select(MountText.Read)).Where(request => request.Tmpfs is null)
                .Select((request, index) => request.Image is null ? Resolve(request, root, layout) : ImageMountRequests.Resolve(request, source, $"{images}/{index}")),
        ];
        HashSet<string> taken = [.. own.Select(volume => volume.Destination), .. options.Config.Security.Tmpfs.Select(entry => entry.Key)];
        // As in docker, a later container's mount replaces an earlier one's.
        var inherited = new Dictionary<string, VolumeMount>();
        foreach (VolumeMount mount in options.VolumesFrom.SelectMany(text => VolumesFrom.Of(text, root, layout)).Where(mount => !taken.Contains(mount.Destination)))
            inherited[mount.Destination] = mount;
        return [.. inherited.Values, .. own];
    }

    /// <summary>One mount, its source made absolute and its destination resolved inside the root filesystem.</summary>
    internal static VolumeMount Resolve(MountRequest request, RootFilesystem root, StateLayout layout)
    {
        string destination = VolumeOptions.ResolveInside(root, request.Destination);
        MountOptions options = request.Options;
        VolumeMount mount = request.HostPath is { } path ? OfHost(request, path, destination, layout) : OfVolume(request, root, destination, layout);
        return mount with { IsRecursive = options.Recursive ?? true, ChangesOwner = options.ChangesOwner, Mode = ModeOf(request), Remark = mount.Remark ?? RemarkOn(options) };
    }

    /// <summary>A volume that nobody names, made for one container, at a path that is resolved inside its root filesystem.</summary>
    internal static VolumeMount Anonymous(string destination, RootFilesystem root, StateLayout layout) =>
        Resolve(new MountRequest(Setting.Volume, destination) { Destination = destination }, root, layout);

    /// <summary>Requires that a path of the host can be mounted.</summary>
    /// <exception cref="ContainerException">It does not exist, or is where images, containers and volumes are kept.</exception>
    internal static void RequireSource(MountRequest request, string source, StateLayout layout)
    {
        if (!File.Exists(source) && !Directory.Exists(source))
            throw request.Bad($"has no source: '{source}' does not exist", "make it first");
        if (RealPath.Of(source) is { } real && HostPlaces.IsOfState(real, layout.Directories))
            throw request.Bad($"names '{real}', where images and containers are kept",
                "name another directory; cp and export bring files out of containers; a volume is named by its name");
    }

    private static VolumeMount OfHost(MountRequest request, string path, string destination, StateLayout layout)
    {
        string source = CleanPath.Of(Path.GetFullPath(path));
        RequireSource(request, source, layout);
        bool readOnly = request.Options.ReadOnly ?? false;
        if (request.Options.NoCopy == true)
            throw request.Bad("asks for nocopy, but nothing is ever copied into a path of the host", "leave it away");
        if (request.Options.ChangesOwner)
        {
            // The links on the way are followed here, once and for all.
            source = RealPath.Of(source) ?? source;
            if (HostPlaces.IsOfSystem(source))
                throw request.Bad($"would give the host's own '{source}' to the container's user", "leave U away, or name a directory that holds nothing but what is meant for it");
        }
        return new VolumeMount(source, destination, readOnly)
        {
            IsFile = File.Exists(source),
            Remark = HostPlaces.RemarkOn(source, readOnly),
            Options = request.Options.Flags,
        };
    }

    private static VolumeMount OfVolume(MountRequest request, RootFilesystem root, string destination, StateLayout layout)
    {
        string name = request.Volume ?? VolumeName.New();
        if (!VolumeName.IsValid(name))
            throw request.Bad($"names a volume '{Printable.Clean(name, 80)}'",
                "begin its name with a letter or digit and go on with letters, digits, '_', '.' and '-'; a path of the host begins with '/' or './'");
        if (request.Options.Recursive is not null)
            throw request.Bad("is a volume, below which nothing is mounted", "leave bind and rbind away");
        using SafeFileHandle? there = root.OpenInside(destination, PathCalls.O_PATH, out _);
        if (there is not null && FileKind.Of(there) != FileKind.Directory)
            throw request.Bad("goes to a path that is no directory in the root filesystem", "name a directory, or a path that does not exist");
        HashSet<string?> groups = [.. request.Options.Flags.Select(MountFlags.GroupOf)];
        return new VolumeMount(VolumePaths.Of(layout, name).Data, destination, request.Options.ReadOnly ?? false)
        {
            Options = [.. Hardened.Where(flag => !groups.Contains(MountFlags.GroupOf(flag))), .. request.Options.Flags],
            Volume = new NamedVolume(name) { IsAnonymous = request.Volume is null, TakesNothing = request.Options.NoCopy ?? false, Labels = request.Labels },
        };
    }

    private static string ModeOf(MountRequest request)
    {
        MountOptions options = request.Options;
        string?[] words =
        [
            options.ReadOnly is { } readOnly ? readOnly ? "ro" : "rw" : null, options.Relabel, options.ChangesOwner ? "U" : null, options.NoCopy == true ? "nocopy" : null,
            options.Recursive is { } recursive ? recursive ? "rbind" : "bind" : null, .. options.Flags,
        ];
        return string.Join(',', words.OfType<string>());
    }

    private static Note? RemarkOn(MountOptions options)
    {
        if (options.Relabel is not { } letter)
            return null;
        return File.Exists("/sys/fs/selinux/enforce")
            ? new Note("", NoteSeverity.Warning, $"{letter} labels nothing: what SELinux lets the container do with it depends on the labels that it has")
            : new Note("", NoteSeverity.Info, $"{letter} is without effect: this host has no SELinux");
    }

    private static void RequireFree(HashSet<string> taken, string path)
    {
        if (!taken.Add(path))
            throw new ContainerException($"{Printable.Clean(path)}: duplicate mount destination");
    }
}
