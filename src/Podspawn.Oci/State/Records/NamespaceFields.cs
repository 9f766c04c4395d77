using System.Text.Json;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.State.Records;

/// <summary>The other containers that a <see cref="ContainerDefinition"/> names: whose namespaces it shares, and which it needs. Without any there is no field.</summary>
internal static class NamespaceFields
{
    internal static SharedNamespaces Read(JsonElement record) => record.Field("namespaces"u8) is not { } shared ? SharedNamespaces.None : new SharedNamespaces
    {
        Ipc = (IpcMode)shared.Word("ipc"u8, RecordWords.IpcModes),
        IpcOf = ReadOther(shared, "ipcOf"u8),
        PidOf = ReadOther(shared, "pidOf"u8),
        NetworkOf = ReadOther(shared, "networkOf"u8),
    };

    internal static void Write(Utf8JsonWriter json, SharedNamespaces shared)
    {
        if (shared is { Ipc: IpcMode.Private, Joins: false })
            return;
        json.WriteStartObject("namespaces"u8);
        json.WriteString("ipc"u8, RecordWords.IpcModes[(int)shared.Ipc]);
        WriteOther(json, "ipcOf"u8, shared.IpcOf);
        WriteOther(json, "pidOf"u8, shared.PidOf);
        WriteOther(json, "networkOf"u8, shared.NetworkOf);
        json.WriteEndObject();
    }

    internal static IReadOnlyList<OtherContainer> ReadRequired(JsonElement record) => record.Objects("requires"u8, ReadOther);

    internal static void WriteRequired(Utf8JsonWriter json, IReadOnlyList<OtherContainer> required) => json.WriteObjectsOrNothing("requires"u8, required, WriteOther);

    private static OtherContainer? ReadOther(JsonElement shared, ReadOnlySpan<byte> name) => shared.Field(name) is { } other ? ReadOther(other) : null;

    private static OtherContainer ReadOther(JsonElement other) => new(other.Text("id"u8), other.Text("name"u8));

    private static void WriteOther(Utf8JsonWriter json, ReadOnlySpan<byte> name, OtherContainer? other)
    {
        if (other is null)
            return;
        json.WriteStartObject(name);
        WriteOther(json, other);
        json.WriteEndObject();
    }

    private static void WriteOther(Utf8JsonWriter json, OtherContainer other)
    {
        json.WriteString("id"u8, other.Id);
        json.WriteString("name"u8, other.Name);
    }
}
