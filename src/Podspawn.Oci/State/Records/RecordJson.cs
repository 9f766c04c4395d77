using System.Text.Json;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.State.Records;

/// <summary>Reads and writes the records of containers. A record appears at its path complete, or not at all.</summary>
internal static class RecordJson
{
    private const int Largest = 1 << 20;

    internal static void Write(string path, ContainerDefinition definition) => Write(path, Serialize(definition));

    /// <summary>Writes a record that nothing depends on after a crash: without a wait for the disk, and not read before it is complete.</summary>
    internal static void WriteOnce(string path, ContainerDefinition definition) => File.WriteAllBytes(path, Serialize(definition));

    internal static void Write(string path, ContainerState state) => Write(path, Serialize(state));

    internal static void Write(string path, ContainerHealth health) => Write(path, RecordFields.Serialize(health, HealthFields.Write));

    internal static ReadOnlySpan<byte> Serialize(ContainerDefinition definition) => RecordFields.Serialize(definition, DefinitionFields.Write);

    internal static ReadOnlySpan<byte> Serialize(ContainerState state) => RecordFields.Serialize(state, StateFields.Write);

    /// <summary>Null where there is no record, or where another version of this program has written it in another format.</summary>
    internal static ContainerDefinition? ReadDefinition(string path)
    {
        ContainerDefinition? read = Read(path, DefinitionFields.Read);
        return read?.Version == ContainerDefinition.CurrentVersion ? read : null;
    }

    /// <summary>
    /// The images that a container was created from and has mounted, whichever version of this program created it: they are in use in any case. None
    /// where there is no record.
    /// </summary>
    internal static IReadOnlyList<RecordedImage> ReadImageUses(string path) => Read(path, DefinitionFields.ReadImageUses) ?? [];

    /// <summary>Null where there is no record, or where another version of this program has written it in another format.</summary>
    internal static ContainerState? ReadState(string path)
    {
        ContainerState? read = Read(path, StateFields.Read);
        return read?.Version == ContainerState.CurrentVersion ? read : null;
    }

    /// <summary>Null where there is no record.</summary>
    internal static ContainerHealth? ReadHealth(string path) => Read(path, HealthFields.Read);

    private static void Write(string path, ReadOnlySpan<byte> json)
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

    private static T? Read<T>(string path, Func<JsonElement, T?> fields)
        where T : class =>
        SmallFile.ReadBytes(path, Largest) is { } json ? RecordFields.Parse(json.Span, fields) : null;
}
