using Podspawn.Oci.Errors;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Launching.Planning;

/// <summary>Reads docker's <c>--volumes-from CONTAINER[:ro]</c>: the volumes and bind mounts that another container was given by its user.</summary>
internal static class VolumesFrom
{
    /// <summary>The mounts of that container, at the same destinations.</summary>
    /// <exception cref="ContainerException">There is no such container, or a source is gone.</exception>
    internal static IReadOnlyList<VolumeMount> Of(string text, RootFilesystem root, StateLayout layout)
    {
        var request = new MountRequest(Setting.VolumesFrom, text);
        string[] parts = text.Split(':', 2);
        MountOptions options = VolumeText.Options(request, parts.Length == 2 ? parts[1] : null);
        if (options is { ChangesOwner: true } or { NoCopy: not null } or { Recursive: not null } or { Flags.Count: > 0 })
            throw request.Bad("has an option that does not fit", "use ro, rw, z or Z");
        ContainerDefinition container = NamedContainer.Find(Setting.VolumesFrom, parts[0], layout)
            ?? throw request.Bad("names no container", $"{Operation.List} {Setting.All} lists those that there are");
        return [.. container.Mounts.Where(mount => mount.Image is null).Select(mount => Taken(request, mount, options.ReadOnly ?? false, root, layout))];
    }

    private static VolumeMount Taken(MountRequest request, VolumeMount mount, bool readOnly, RootFilesystem root, StateLayout layout)
    {
        if (mount.Volume is null)
            MountRequests.RequireSource(request, mount.Source, layout);
        bool isReadOnly = readOnly || mount.ReadOnly;
        return mount with
        {
            Destination = VolumeOptions.ResolveInside(root, mount.Destination),
            ReadOnly = isReadOnly,
            ChangesOwner = false,
            Remark = mount.Volume is null ? HostPlaces.RemarkOn(mount.Source, isReadOnly) : null,
            Mode = isReadOnly && !mount.ReadOnly ? "ro" : mount.Mode,
            // The other container has been its first user.
            Volume = mount.Volume is null ? null : mount.Volume with { MustExist = true, TakesNothing = true },
        };
    }
}
