using Podspawn.Oci.Errors;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.State;
using Podspawn.Oci.Text;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Launching.Planning;

/// <summary>The volumes of a launch: those that a text asks for, and those of a bundle.</summary>
internal static class VolumeOptions
{
    /// <summary>The mount, its source made absolute and its destination resolved inside the root filesystem.</summary>
    internal static VolumeMount Parse(string text, RootFilesystem root, StateLayout layout) => MountRequests.Resolve(VolumeText.Read(text), root, layout);

    /// <summary>
    /// The bind mounts of a bundle, without those that the user replaces. Host files outside the bundle come in only by the user's request, never by
    /// the bundle's.
    /// </summary>
    /// <exception cref="ContainerException">The bundle mounts another file of the host.</exception>
    internal static IEnumerable<VolumeMount> OfBundle(Bundle? bundle, RootFilesystem root, IReadOnlyList<VolumeMount> asked)
    {
        if (bundle is null)
            return [];
        HashSet<string> taken = [.. asked.Select(volume => volume.Destination)];
        VolumeMount Resolved(VolumeMount volume) => volume with { Destination = ResolveInside(root, volume.Destination) };
        VolumeMount[] ofHost = [.. bundle.HostVolumes.Select(Resolved).Where(volume => !taken.Contains(volume.Destination))];
        if (ofHost is [var first, ..])
        {
            string flags = string.Join(' ', ofHost.Select(volume => $"{Setting.Volume} {volume.Source}:{volume.Destination}{(volume.ReadOnly ? ":ro" : "")}"));
            throw new ContainerException(
                $"{Setting.Bundle}: {bundle.Directory}/config.json mounts the host's '{Printable.Clean(first.Source, 200)}' at '{Printable.Clean(first.Destination, 200)}', " +
                    $"which lies outside of the bundle; ask for it yourself with {Printable.Clean(flags, 2000)}, or remove the mount");
        }
        return bundle.Volumes.Select(Resolved).Where(volume => !taken.Contains(volume.Destination));
    }

    // A path that is not absolute or holds ".." stays as it is: the translator refuses it and says why.
    internal static string ResolveInside(RootFilesystem root, string destination) =>
        !destination.StartsWith('/') || destination == "/" || destination.Split('/').Contains("..") ? destination : MountPoint.Of(root, destination);
}
