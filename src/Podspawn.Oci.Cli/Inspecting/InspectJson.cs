using System.Text.Json.Serialization;

namespace Podspawn.Oci.Cli.Inspecting;

/// <summary>What has docker's and podman's names in JSON, as it is written in the records.</summary>
[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(InspectedContainer))]
[JsonSerializable(typeof(InspectedImage))]
[JsonSerializable(typeof(InspectedNet))]
[JsonSerializable(typeof(ListedContainer))]
[JsonSerializable(typeof(ListedImage))]
[JsonSerializable(typeof(ListedEvent))]
[JsonSerializable(typeof(ListedStatistics))]
[JsonSerializable(typeof(IReadOnlyList<ListedContainer>))]
[JsonSerializable(typeof(IReadOnlyList<ListedImage>))]
[JsonSerializable(typeof(IReadOnlyList<ListedStatistics>))]
[JsonSerializable(typeof(System.Text.Json.Nodes.JsonArray))]
internal sealed partial class InspectJson : JsonSerializerContext;
