using System.Text.Json.Serialization;

namespace Podspawn.Oci.Cli.Output;

/// <summary>One container in what <c>mount --format json</c> prints; the words are podman's.</summary>
internal sealed record MountReport(string Id, [property: JsonPropertyName("Names")] IReadOnlyList<string> Names, string Mountpoint);
