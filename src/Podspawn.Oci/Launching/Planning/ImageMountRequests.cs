using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Images.References;
using Podspawn.Oci.Images.Store;
using Podspawn.Oci.Native;
using Podspawn.Oci.Text;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Launching.Planning;

/// <summary>The images that a launch mounts beside the one that it runs from.</summary>
public static class ImageMountRequests
{
    // What an image brings is a stranger's, and no part of what the container runs from: its devices open nothing, and its programs give no rights.
    private static readonly string[] Hardened = ["nosuid", "nodev"];

    /// <summary>The images that the user has asked to be mounted, each once.</summary>
    /// <param name="mounts">Texts of the setting for mounts of any type.</param>
    /// <exception cref="ContainerException">A text is none.</exception>
    /// <exception cref="Images.ImageException">A text names no image.</exception>
    public static IReadOnlyList<ImageSource> SourcesOf(IReadOnlyList<string> mounts) =>
        [.. mounts.Distinct().Select(MountText.Read).Where(request => request.Image is not null).DistinctBy(request => request.Image).Select(SourceOf)];

    /// <summary>One such mount, its destination resolved inside the root filesystem.</summary>
    /// <param name="request">What the user has asked for.</param>
    /// <param name="source">What the container runs from, which holds the image.</param>
    /// <param name="place">Where the image is going to be mounted for the runtime.</param>
    internal static VolumeMount Resolve(MountRequest request, LaunchSource source, string place)
    {
        ImageLease image = source.MountedImages[request.Image!];
        string destination = VolumeOptions.ResolveInside(source.Root, request.Destination);
        using SafeFileHandle? there = source.Root.OpenInside(destination, PathCalls.O_PATH, out _);
        if (there is not null && FileKind.Of(there) != FileKind.Directory)
            throw request.Bad("goes to a path that is no directory in the root filesystem", "name a directory, or a path that does not exist");
        return new VolumeMount(place, destination, request.Options.ReadOnly ?? true)
        {
            Options = Hardened,
            Image = new MountedImage(request.Image!, image.Record.Digest, RealPath.Of(image.RootPath) ?? image.RootPath),
            Mode = "",
        };
    }

    private static ImageSource SourceOf(MountRequest request)
    {
        ImageSource source = ImageSource.Parse(request.Image!);
        return source.Transport is ImageTransport.Directory or ImageTransport.Bundle
            ? throw request.Bad($"names the directory '{Printable.Clean(source.Path)}', which is no image", "use type=bind")
            : source;
    }
}
