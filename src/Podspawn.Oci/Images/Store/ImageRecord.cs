using System.Text.Json;
using System.Text.Json.Serialization;
using Podspawn.Oci.Images.Documents;

namespace Podspawn.Oci.Images.Store;

/// <summary>The record of an unpacked image, so that a launch reads one small file.</summary>
/// <param name="Version">The version of this record's format: 1.</param>
/// <param name="Digest">The manifest's digest.</param>
/// <param name="Config">The configuration's digest, which docker calls the image's id.</param>
/// <param name="Platform">The platform it is built for.</param>
/// <param name="Layers">Its layers as they were fetched, the lowest first.</param>
/// <param name="Size">The size of the unpacked root filesystem on disk, in bytes.</param>
/// <param name="Created">When it was built, according to its configuration; null where that has no usable time.</param>
/// <param name="Pulled">When it was added to the store.</param>
/// <param name="Process">How it asks to be run.</param>
public sealed record ImageRecord(
    int Version,
    string Digest,
    string Config,
    ImagePlatform Platform,
    IReadOnlyList<ImageLayer> Layers,
    long Size,
    DateTimeOffset? Created,
    DateTimeOffset Pulled,
    ImageProcess Process)
{
    /// <summary>The version that this program writes and reads.</summary>
    internal const int CurrentVersion = 1;

    /// <summary>When it was built; when it was added to the store where it does not tell.</summary>
    [JsonIgnore]
    public DateTimeOffset MadeAt => Created ?? Pulled;
}

/// <summary>A layer of an image.</summary>
/// <param name="Digest">The blob's digest.</param>
/// <param name="Size">The blob's size in bytes.</param>
/// <param name="MediaType">Its media type.</param>
public sealed record ImageLayer(string Digest, long Size, string MediaType);

/// <summary>The record's JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(ImageRecord))]
internal sealed partial class ImageRecordJson : JsonSerializerContext
{
    private const int Current = Store.ImageRecord.CurrentVersion;

    internal static void Write(string path, Store.ImageRecord record) => File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(record, Default.ImageRecord));

    /// <summary>The record; null where there is none that this program can read.</summary>
    internal static Store.ImageRecord? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), Default.ImageRecord) is { Version: Current } record ? record : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }
}
