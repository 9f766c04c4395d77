using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.State;
using Podspawn.Oci.Text;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Launching.Planning;

/// <summary>Reads docker's <c>--volume SRC:DST[:OPTIONS]</c>.</summary>
internal static class VolumeOptions
{
    /// <summary>The bind mount, its source made absolute and its destination resolved inside the root filesystem.</summary>
    internal static VolumeMount Parse(string text, RootFilesystem root, StateLayout layout)
    {
        string[] parts = text.Split(':');
        if (parts.Length is < 2 or > 3 || parts[0].Length == 0 || !parts[1].StartsWith('/') || text.AsSpan().ContainsAny("\0\n"))
            throw Bad(text, "is no volume", "write SRC:DST or SRC:DST:ro, with an absolute path DST");
        bool readOnly = false;
        foreach (string option in parts.Length == 3 ? parts[2].Split(',') : [])
        {
            switch (option)
            {
                case "ro":
                    readOnly = true;
                    break;
                case "rw":
                    readOnly = false;
                    break;
                default:
                    throw Bad(text, $"has the unknown option '{option}'", "use ro or rw");
            }
        }
        string source = Path.GetFullPath(parts[0]);
        if (!File.Exists(source) && !Directory.Exists(source))
            throw Bad(text, $"has no source: '{source}' does not exist", "make it first");
        if (RealPath.Of(source) is { } real && HostPlaces.IsOfState(real, layout.Directories))
            throw Bad(text, $"names '{real}', where images and containers are kept", "name another directory; cp and export bring files out of containers");
        return new VolumeMount(source, ResolveInside(root, parts[1]), readOnly) { IsFile = File.Exists(source), Remark = HostPlaces.RemarkOn(source, readOnly) };
    }

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

    /// <summary>The destination, with its links resolved inside the root filesystem.</summary>
    internal static string ResolveInside(RootFilesystem root, string destination)
    {
        // A path that is not normalized stays as it is: the translator refuses it and says why.
        return !destination.StartsWith('/') || destination.Split('/').Skip(1).Any(part => part is "" or "." or "..") ? destination : root.ResolveInside(destination);
    }

    private static ContainerException Bad(string text, string what, string hint) => new($"{Setting.Volume}: '{text}' {what}; {hint}");
}
