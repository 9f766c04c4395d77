using System.Text.Json;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.State.Events;

/// <summary>One event as one line of JSON.</summary>
internal static class EventLine
{
    /// <summary>The number of bytes that one write(2) appends to a file in one piece, whatever other processes append.</summary>
    internal const int Longest = 4096;

    // Every line begins so, and no value can contain it: quotation marks in values are escaped.
    private static ReadOnlySpan<byte> Beginning => "{\"time\":\""u8;

    /// <summary>Serializes an event, with a line end. What would make the line too long is left out: labels first, then the rest.</summary>
    internal static byte[] Write(ContainerEvent happened)
    {
        byte[] line = Serialize(happened);
        if (line.Length > Longest)
            line = Serialize(happened = happened with { Labels = new Dictionary<string, string>() });
        if (line.Length > Longest)
            line = Serialize(happened = happened with { Attributes = new Dictionary<string, string>() });
        return line.Length <= Longest ? line : Serialize(happened with { Image = null });
    }

    /// <summary>Parses a line; null where it is not an event. A full disk may have cut the previous line short: the event after that is still read.</summary>
    internal static ContainerEvent? Read(ReadOnlySpan<byte> line)
    {
        int start = line.LastIndexOf(Beginning);
        return start < 0 ? null : RecordFields.Parse(line[start..], ReadFields);
    }

    private static ContainerEvent ReadFields(JsonElement happened) => new()
    {
        Time = happened.Needed("time"u8).GetDateTimeOffset(),
        Type = happened.TextOrNull("type"u8) ?? ContainerEvent.OfContainer,
        Action = happened.Text("action"u8),
        Id = happened.Text("id"u8),
        Name = happened.Text("name"u8),
        Image = happened.TextOrNull("image"u8),
        Attributes = happened.Pairs("attributes"u8),
        Labels = happened.Pairs("labels"u8),
    };

    private static void WriteFields(Utf8JsonWriter json, ContainerEvent happened)
    {
        json.WriteString("time"u8, happened.Time);
        json.WriteString("type"u8, happened.Type);
        json.WriteString("action"u8, happened.Action);
        json.WriteString("id"u8, happened.Id);
        json.WriteString("name"u8, happened.Name);
        json.WriteTextOrNothing("image"u8, happened.Image);
        json.WritePairs("attributes"u8, happened.Attributes);
        json.WritePairs("labels"u8, happened.Labels);
    }

    private static byte[] Serialize(ContainerEvent happened) => [.. RecordFields.Serialize(happened, WriteFields), (byte)'\n'];
}
