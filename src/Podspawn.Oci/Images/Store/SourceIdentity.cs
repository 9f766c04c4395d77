using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.Images.References;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Images.Store;

/// <summary>Tells whether a source on disk still contains the image that the store has of it, without copying it again.</summary>
public static class SourceIdentity
{
    private const string TagAnnotation = "org.opencontainers.image.ref.name";

    /// <summary>The identity of an archive's file, which changes with its content (inode(7), ctime); null for other transports.</summary>
    internal static string? StampOf(ImageSource source) =>
        source.Transport is ImageTransport.OciArchive or ImageTransport.DockerArchive && FileKind.FactsOf(source.Path) is { } facts
            ? $"{facts.DeviceMajor}:{facts.DeviceMinor}:{facts.Inode}:{facts.Size}:{facts.ChangeSeconds}.{facts.ChangeNanoseconds}"
            : null;

    /// <summary>Whether the record matches the source's current content. A registry is not asked.</summary>
    public static bool IsCurrent(ImageStore store, ImageSource source, ImageRecord record) => source.Transport switch
    {
        ImageTransport.Registry => true,
        ImageTransport.OciLayout => DigestIn(source) == record.Digest,
        _ => StampOf(source) is { } stamp && store.Names.Find(source) is { } named && named.Digest == record.Digest && named.Stamp == stamp,
    };

    private static string? DigestIn(ImageSource layout)
    {
        string index = $"{layout.Path}/index.json";
        // A link is not followed out of the layout; the fetch that follows refuses it with a message.
        if (LocalFiles.IsLink(index))
            return null;
        try
        {
            IReadOnlyList<ImageDescriptor> manifests = ImageJson.ReadManifest(index).Manifests ?? [];
            ImageDescriptor? wanted = layout.Selector is null
                ? manifests is [{ } only] ? only : null
                : manifests.LastOrDefault(manifest => manifest?.Annotations?.GetValueOrDefault(TagAnnotation) == layout.Selector);
            return wanted?.Digest;
        }
        catch (Exception e) when (e is ImageException or IOException or UnauthorizedAccessException)
        {
            // skopeo's message will say what is wrong with it.
            return null;
        }
    }
}
