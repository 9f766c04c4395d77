using System.Text.Json;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.State.Records;

/// <summary>The mounts of a <see cref="ContainerDefinition"/>.</summary>
internal static class MountFields
{
    internal static IReadOnlyList<VolumeMount> ReadAll(JsonElement record) => record.Objects("mounts"u8, Read);

    internal static void WriteAll(Utf8JsonWriter json, IReadOnlyList<VolumeMount> mounts) => json.WriteObjectsOrNothing("mounts"u8, mounts, Write);

    private static VolumeMount Read(JsonElement mount) => new(mount.Text("source"u8), mount.Text("destination"u8), mount.Flag("readOnly"u8))
    {
        IsFile = mount.Flag("file"u8),
        Options = mount.Texts("options"u8),
        IsRecursive = !mount.Flag("flat"u8),
        ChangesOwner = mount.Flag("changesOwner"u8),
        Mode = mount.TextOrNull("mode"u8),
        Volume = mount.TextOrNull("volume"u8) is { } name
            ? new NamedVolume(name) { IsAnonymous = mount.Flag("anonymous"u8), TakesNothing = mount.Flag("takesNothing"u8) }
            : null,
        Image = ReadImage(mount),
    };

    /// <summary>The images that a record's mounts bring, whichever version of this program wrote it.</summary>
    internal static IEnumerable<MountedImage> ImagesIn(JsonElement record) => record.Objects("mounts"u8, ReadImage).OfType<MountedImage>();

    private static MountedImage? ReadImage(JsonElement mount) => mount.TextOrNull("image"u8) is { } name
        ? new MountedImage(name, mount.Text("imageDigest"u8), mount.Text("imageDirectory"u8))
        : null;

    private static void Write(Utf8JsonWriter json, VolumeMount mount)
    {
        json.WriteString("source"u8, mount.Source);
        json.WriteString("destination"u8, mount.Destination);
        json.WriteBoolean("readOnly"u8, mount.ReadOnly);
        json.WriteBoolean("file"u8, mount.IsFile);
        json.WriteTexts("options"u8, mount.Options);
        json.WriteBoolean("flat"u8, !mount.IsRecursive);
        json.WriteBoolean("changesOwner"u8, mount.ChangesOwner);
        json.WriteTextOrNothing("mode"u8, mount.Mode);
        if (mount.Image is { } image)
        {
            json.WriteString("image"u8, image.Name);
            json.WriteString("imageDigest"u8, image.Digest);
            json.WriteString("imageDirectory"u8, image.RootDirectory);
        }
        if (mount.Volume is not { } volume)
            return;
        json.WriteString("volume"u8, volume.Name);
        json.WriteBoolean("anonymous"u8, volume.IsAnonymous);
        json.WriteBoolean("takesNothing"u8, volume.TakesNothing);
    }
}
