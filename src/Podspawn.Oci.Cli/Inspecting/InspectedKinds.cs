using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Cli.Templates;
using Podspawn.Oci.Cli.Verbs;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Images.Store;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Networks;
using Podspawn.Oci.State;
using Podspawn.Oci.Text;
using Podspawn.Oci.Volumes;

namespace Podspawn.Oci.Cli.Inspecting;

/// <summary>Something that was found, for JSON and for templates.</summary>
internal sealed record Inspected(JsonNode Json, GoStruct Value)
{
    internal static Inspected Of<T>(T value, JsonTypeInfo<T> type, string name) => new(JsonSerializer.SerializeToNode(value, type)!, JsonValues.Of(value, type, name));
}

/// <summary>The kinds of objects that can be inspected, in the order in which a name is looked for.</summary>
internal sealed class InspectedKinds
{
    /// <summary>The word for every kind.</summary>
    internal const string Any = "all";

    private readonly string wanted;
    private readonly (string Word, Func<string, Inspected?> Find)[] kinds;

    /// <summary>Looks among the kinds that a word stands for.</summary>
    /// <param name="wanted">The word.</param>
    /// <param name="sizes">Whether containers are measured.</param>
    /// <param name="images">Opens the store of images.</param>
    /// <exception cref="UsageException">The word is none of them.</exception>
    internal InspectedKinds(string wanted, bool sizes, Func<ImageStore> images)
    {
        this.wanted = wanted;
        var registry = new Lazy<ContainerRegistry>(EachContainer.Registry);
        var store = new Lazy<ImageStore>(images);
        var volumes = new Lazy<VolumeStore>(() => new VolumeStore(StateLayout.Default));
        var networks = new Lazy<NetworkStore>(() => new NetworkStore(StateLayout.Default));
        kinds =
        [
            ("container", name => registry.Value.TryFind(name) is { } container
                ? Inspected.Of(ContainerInspection.Of(container, sizes), InspectJson.Default.InspectedContainer, "a container") : null),
            ("image", name => ImageInspection.Find(store.Value, name) is { } image ? Inspected.Of(image, InspectJson.Default.InspectedImage, "an image") : null),
            ("volume", name => VolumeName.IsValid(name) && volumes.Value.Exists(name)
                ? Inspected.Of(VolumeReport.Of(volumes.Value.Find(name), volumes.Value.Users()), VolumeJson.Default.VolumeReport, VolumeReport.Group) : null),
            ("network", name => InspectedNet.Find(name) is { } network ? Inspected.Of(network, InspectJson.Default.InspectedNet, NetworkReport.Group)
                : networks.Value.Exists(name) && networks.Value.Find(name) is var made
                    ? Inspected.Of(NetworkReport.Of(made, networks.Value.Users(made)), NetworkJson.Default.NetworkReport, NetworkReport.Group) : null),
        ];
        if (!Words.Contains(wanted))
            throw new UsageException($"--type: '{Printable.Clean(wanted)}' is not known; {Suggestion.DidYouMean(wanted, Words) ?? $"use {string.Join(", ", Words)}"}");
    }

    /// <summary>The words for kinds.</summary>
    internal static IReadOnlyList<string> Words { get; } = ["container", "image", "volume", "network", Any];

    /// <summary>Finds the object of a name.</summary>
    /// <exception cref="PodspawnException">There is none.</exception>
    internal Inspected Find(string name) =>
        kinds.Where(kind => wanted is Any || kind.Word == wanted).Select(kind => kind.Find(name)).FirstOrDefault(found => found is not null)
        ?? throw new UsageException($"no such {(wanted == Any ? "object" : wanted)}: '{Printable.Clean(name, 80)}'; " + wanted switch
        {
            "container" => "podspawn-oci ps --all lists the containers",
            "image" => "podspawn-oci images lists the images",
            "volume" => "podspawn-oci volume ls lists the volumes",
            "network" => "there are none and host",
            _ => "podspawn-oci ps --all lists the containers, podspawn-oci images the images",
        });
}
