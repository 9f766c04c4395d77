using System.Text.Json;
using Podspawn.Oci.Native;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Volumes;

/// <summary>Reads and writes the record of a volume.</summary>
internal static class VolumeFields
{
    private const int Largest = 1 << 20;

    /// <summary>The record; null where there is none, or where another version of this program has written it in another format.</summary>
    internal static Volume? Read(VolumePaths paths)
    {
        Volume? read = SmallFile.ReadBytes(paths.Record, Largest) is { } json ? RecordFields.Parse(json.Span, Read) : null;
        return read?.Version == Volume.CurrentVersion ? read with { Name = paths.Name, Mountpoint = paths.Data } : null;
    }

    /// <summary>Writes the record, which appears complete or not at all.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    internal static void Write(VolumePaths paths, Volume volume)
    {
        try
        {
            PendingFile.Write(paths.Record, RecordFields.Serialize(volume, Write));
        }
        catch (IOException e)
        {
            throw new IOException($"{paths.Record}: cannot be written: {e.Message}; make room, and its filesystem writable", e);
        }
    }

    private static Volume Read(JsonElement record) => new()
    {
        Version = record.Number("version"u8),
        Name = record.Text("name"u8),
        Created = record.Needed("created"u8).GetDateTimeOffset(),
        Labels = record.Pairs("labels"u8),
        IsAnonymous = record.Flag("anonymous"u8),
        NeedsOwner = record.Flag("needsOwner"u8),
    };

    private static void Write(Utf8JsonWriter json, Volume volume)
    {
        json.WriteNumber("version"u8, volume.Version);
        json.WriteString("name"u8, volume.Name);
        json.WriteString("created"u8, volume.Created);
        json.WritePairs("labels"u8, volume.Labels);
        json.WriteBoolean("anonymous"u8, volume.IsAnonymous);
        json.WriteBoolean("needsOwner"u8, volume.NeedsOwner);
    }
}
