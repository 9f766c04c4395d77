using System.Text.Json.Serialization;
using Podspawn.Oci.Cli.Templates;
using Podspawn.Oci.Volumes;

namespace Podspawn.Oci.Cli.Output;

/// <summary>A volume as <c>volume ls</c> and <c>volume inspect</c> print it in JSON, with the names of podman's fields.</summary>
internal sealed record VolumeReport(
    string Name,
    string Driver,
    string Mountpoint,
    DateTimeOffset CreatedAt,
    IReadOnlyDictionary<string, string> Labels,
    string Scope,
    IReadOnlyDictionary<string, string> Options,
    bool Anonymous,
    bool NeedsCopyUp,
    bool NeedsChown,
    IReadOnlyList<string> Containers)
{
    /// <summary>The only driver that there is: a directory of the store.</summary>
    internal const string OnlyDriver = "local";

    /// <summary>What one is called in messages.</summary>
    internal const string Group = "a volume";

    /// <summary>A volume as a template sees it.</summary>
    internal static GoStruct Row(VolumeReport volume) => JsonValues.Of(volume, VolumeJson.Default.VolumeReport, Group);

    internal static VolumeReport Of(Volume volume, Func<Volume, IReadOnlyList<string>> users) => new(
        volume.Name,
        OnlyDriver,
        volume.Mountpoint,
        volume.Created,
        volume.Labels,
        OnlyDriver,
        new Dictionary<string, string>(),
        volume.IsAnonymous,
        Directory.Exists(volume.Mountpoint) && !Directory.EnumerateFileSystemEntries(volume.Mountpoint).Any(),
        volume.NeedsOwner,
        users(volume));
}

[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(VolumeReport))]
[JsonSerializable(typeof(IReadOnlyList<VolumeReport>))]
internal sealed partial class VolumeJson : JsonSerializerContext;
