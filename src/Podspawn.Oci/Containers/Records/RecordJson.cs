using System.Text.Json;
using System.Text.Json.Serialization;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Containers.Records;

/// <summary>Reads and writes the records of containers. A record comes to its path whole, or not at all.</summary>
internal static class RecordJson
{
    private const int Largest = 1 << 20;

    internal static void Write(string path, ContainerDefinition definition) =>
        Write(path, JsonSerializer.SerializeToUtf8Bytes(definition, RecordContext.Default.ContainerDefinition));

    /// <summary>Writes one that nothing depends on after a crash: without a wait for the disk, and not to be read before it is whole.</summary>
    internal static void WriteOnce(string path, ContainerDefinition definition) =>
        File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(definition, RecordContext.Default.ContainerDefinition));

    internal static void Write(string path, ContainerState state) =>
        Write(path, JsonSerializer.SerializeToUtf8Bytes(state, RecordContext.Default.ContainerState));

    /// <summary>Null where there is none, or one that another version of this program has written in another form.</summary>
    internal static ContainerDefinition? ReadDefinition(string path)
    {
        ContainerDefinition? read = Read(path, RecordContext.Default.ContainerDefinition);
        return read?.Version == ContainerDefinition.CurrentVersion ? read : null;
    }

    /// <summary>Null where there is none, or one that another version of this program has written in another form.</summary>
    internal static ContainerState? ReadState(string path)
    {
        ContainerState? read = Read(path, RecordContext.Default.ContainerState);
        return read?.Version == ContainerState.CurrentVersion ? read : null;
    }

    private static void Write(string path, byte[] json)
    {
        try
        {
            PendingFile.Write(path, json);
        }
        catch (IOException e)
        {
            throw new IOException($"{path}: cannot be written: {e.Message}; make room, and its filesystem writable", e);
        }
    }

    private static T? Read<T>(string path, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return SmallFile.Read(path, Largest) is { } text ? JsonSerializer.Deserialize(text, type) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ContainerDefinition))]
[JsonSerializable(typeof(ContainerState))]
internal sealed partial class RecordContext : JsonSerializerContext;
