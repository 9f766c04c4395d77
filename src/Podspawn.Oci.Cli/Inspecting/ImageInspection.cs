using System.Text.Json;
using Podspawn.Oci.Images;
using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.Images.References;
using Podspawn.Oci.Images.Store;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Cli.Inspecting;

/// <summary>Collects what is known of an image: its record, its names, and the configuration that it came with, which a stranger wrote.</summary>
internal static class ImageInspection
{
    private const int Largest = 4 << 20;

    /// <summary>The image of a name, digest or beginning of a digest; null where the store has none.</summary>
    /// <exception cref="ImageException">The text is no name, or the image's configuration cannot be read.</exception>
    internal static InspectedImage? Find(ImageStore store, string text) => store.Find(ImageSource.Parse(text)) is { } record ? Of(store, record) : null;

    private static InspectedImage Of(ImageStore store, ImageRecord record)
    {
        IReadOnlyList<string> names = store.All().FirstOrDefault(image => image.Record.Digest == record.Digest)?.Names ?? [];
        SpecFacts json = Configuration(store.Paths.Blob(record.Config));
        SpecFacts config = json["config"];
        string root = store.Paths.Unpacked(record.Digest).RootFilesystem;
        return new InspectedImage
        {
            Id = Digest.Hex(record.Config),
            Digest = record.Digest,
            RepoTags = ImageNames.Tags(names),
            RepoDigests = ImageNames.Digests(names, record.Digest),
            Parent = "",
            Comment = json["history"].Items.Select(step => step["comment"].Text).LastOrDefault() ?? "",
            Created = GoTime.Json(record.Created),
            Author = json["author"].Text,
            Config = new ImageSettingsReport
            {
                User = config["User"].Text,
                ExposedPorts = Map(config["ExposedPorts"]),
                Env = config["Env"].Texts,
                Entrypoint = config["Entrypoint"].Texts,
                Cmd = config["Cmd"].Texts,
                Volumes = Map(config["Volumes"]),
                WorkingDir = config["WorkingDir"].Text,
                Labels = config["Labels"].Pairs,
                StopSignal = config["StopSignal"].Text,
            },
            Architecture = json["architecture"].Text,
            Variant = json["variant"].Text,
            Os = json["os"].Text,
            Size = record.Size,
            VirtualSize = record.Size,
            GraphDriver = new InspectedDriver("overlay", new Dictionary<string, string> { ["UpperDir"] = root }),
            RootFS = new InspectedLayers("layers", json["rootfs", "diff_ids"].Texts),
            Labels = config["Labels"].Pairs,
            User = config["User"].Text,
            History = [.. json["history"].Items.Select(Step)],
            Podspawn = new InspectedImagePart(
                ContainerInspection.Version, record.Platform.ToString(),
                [.. record.Layers.Select(layer => new StoredBlob(layer.Digest, layer.Size))], GoTime.Json(record.Pulled), root),
        };
    }

    private static InspectedStep Step(SpecFacts step) => new()
    {
        Created = step["created"].Text,
        CreatedBy = step["created_by"].Text,
        Author = step["author"].Text,
        Comment = step["comment"].Text,
        EmptyLayer = step["empty_layer"].Flag,
    };

    private static Dictionary<string, JsonElement> Map(SpecFacts map)
    {
        var entries = new Dictionary<string, JsonElement>();
        if (map.Json.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty entry in map.Json.EnumerateObject())
                entries[entry.Name] = entry.Value;
        }
        return entries;
    }

    private static SpecFacts Configuration(string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(RegularFile.Read(path, Largest).ToArray());
            return new SpecFacts(document.RootElement.Clone());
        }
        catch (Exception e) when (e is JsonException or UnfitFileException)
        {
            throw new ImageException($"the image's configuration cannot be read: {Text.Printable.Line(e.Message)}; take another image");
        }
    }
}
