using System.Text.Json;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.State.Records;

/// <summary>The networks and ports of a <see cref="ContainerDefinition"/>, and what it may reach. Without any there is no field.</summary>
internal static class AttachmentFields
{
    internal static IReadOnlyList<NetworkAttachment> ReadAll(JsonElement record) => record.Objects("attachments"u8, Read);

    internal static void WriteAll(Utf8JsonWriter json, IReadOnlyList<NetworkAttachment> attachments) => json.WriteObjectsOrNothing("attachments"u8, attachments, Write);

    private static NetworkAttachment Read(JsonElement attachment) => new(attachment.Text("network"u8))
    {
        Aliases = attachment.Texts("aliases"u8),
        Addresses = attachment.Texts("addresses"u8),
        MacAddress = attachment.TextOrNull("mac"u8),
    };

    private static void Write(Utf8JsonWriter json, NetworkAttachment attachment)
    {
        json.WriteString("network"u8, attachment.Network);
        json.WriteTexts("aliases"u8, attachment.Aliases);
        json.WriteTexts("addresses"u8, attachment.Addresses);
        json.WriteTextOrNothing("mac"u8, attachment.MacAddress);
    }

    internal static IReadOnlyList<PublishedPort> ReadPorts(JsonElement record) => record.Objects("ports"u8, port => new PublishedPort(
        port.TextOrNull("hostAddress"u8), port.Number("hostPort"u8), port.Number("containerPort"u8), port.Text("protocol"u8), port.Number("range"u8, otherwise: 1)));

    internal static EgressPolicy? ReadEgress(JsonElement record) => record.Field("egress"u8) is null ? null : EgressPolicy.Of(record.Texts("egress"u8));

    internal static void WriteEgress(Utf8JsonWriter json, EgressPolicy? egress)
    {
        if (egress is not null)
            json.WriteTexts("egress"u8, [.. egress.Allow.Select(rule => rule.Text)]);
    }

    internal static void WritePorts(Utf8JsonWriter json, IReadOnlyList<PublishedPort> ports) => json.WriteObjectsOrNothing("ports"u8, ports, (fields, port) =>
    {
        fields.WriteTextOrNothing("hostAddress"u8, port.HostAddress);
        fields.WriteNumber("hostPort"u8, port.HostPort);
        fields.WriteNumber("containerPort"u8, port.ContainerPort);
        fields.WriteString("protocol"u8, port.Protocol);
        fields.WriteNumber("range"u8, port.Range);
    });
}
