using System.Text.Json;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.State.Records;

/// <summary>The devices of a <see cref="ContainerDefinition"/>.</summary>
internal static class DeviceFields
{
    internal static IReadOnlyList<GivenDevice> ReadAll(JsonElement record) => record.Objects("devices"u8, Read);

    internal static void WriteAll(Utf8JsonWriter json, IReadOnlyList<GivenDevice> devices) => json.WriteObjectsOrNothing("devices"u8, devices, Write);

    private static void Write(Utf8JsonWriter json, GivenDevice device)
    {
        json.WriteString("host"u8, device.HostPath);
        json.WriteString("path"u8, device.Path);
        json.WriteString("type"u8, device.Opens.Type);
        json.WriteNumber("major"u8, device.Opens.Major);
        json.WriteNumber("minor"u8, device.Opens.Minor);
        json.WriteString("access"u8, device.Opens.Access);
    }

    private static GivenDevice Read(JsonElement device) => new(
        device.Text("host"u8), device.Text("path"u8),
        new OpenedDevice(device.Text("type"u8), device.LongNumber("major"u8), device.LongNumber("minor"u8), device.Text("access"u8)));
}
