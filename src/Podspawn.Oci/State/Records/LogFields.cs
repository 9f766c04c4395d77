using System.Text.Json;

namespace Podspawn.Oci.State.Records;

/// <summary>The fields of a <see cref="LogTarget"/>; the usual one has none.</summary>
internal static class LogFields
{
    internal static LogTarget Read(JsonElement record) => record.Field("log"u8) is not { } log ? LogTarget.Usual : new LogTarget
    {
        Driver = (LogDriver)log.Word("driver"u8, RecordWords.LogDrivers),
        Path = log.TextOrNull("path"u8),
        Tag = log.TextOrNull("tag"u8),
    };

    internal static void Write(Utf8JsonWriter json, LogTarget target)
    {
        if (target == LogTarget.Usual)
            return;
        json.WriteStartObject("log"u8);
        json.WriteString("driver"u8, RecordWords.LogDrivers[(int)target.Driver]);
        json.WriteTextOrNothing("path"u8, target.Path);
        json.WriteTextOrNothing("tag"u8, target.Tag);
        json.WriteEndObject();
    }
}
