using System.Text.Json;
using System.Text.Json.Serialization;
using Podspawn.Oci.Images.Documents;

namespace Podspawn.Oci.Images.Store;

/// <summary>What is remembered of an unpacked image, so that a launch reads one small file.</summary>
/// <param name="Version">Of this record's format: 1.</param>
/// <param name="Digest">The manifest's digest.</param>
/// <param name="Config">The configuration's digest, which docker calls the image's id.</param>
/// <param name="Platform">What it is made for.</param>
/// <param name="Layers">Its layers as they were fetched, the lowest first.</param>
/// <param name="Size">Bytes on disk of the unpacked root filesystem.</param>
/// <param name="Created">When it was built, by its own word; null where it says nothing usable.</param>
/// <param name="Pulled">When it came into the store.</param>
/// <param name="Process">How it wants to be run.</param>
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
}

/// <summary>A layer of an image.</summary>
/// <param name="Digest">The blob's digest.</param>
/// <param name="Size">The blob's bytes.</param>
/// <param name="MediaType">Its media type.</param>
public sealed record ImageLayer(string Digest, long Size, string MediaType);

/// <summary>The record's JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(ImageRecord))]
internal sealed partial class ImageRecordJson : JsonSerializerContext
{
    private const int Current = Store.ImageRecord.CurrentVersion;

    internal static void Write(string path, Store.ImageRecord record) => File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(record, Default.ImageRecord));

    /// <summary>The record; null where there is none that this program understands.</summary>
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
