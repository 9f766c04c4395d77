using System.Text.Json;

namespace Podspawn.Oci.State.Records;

/// <summary>The fields of a <see cref="NotifyTarget"/>; nobody has none.</summary>
internal static class NotifyFields
{
    internal static NotifyTarget Read(JsonElement record) => record.Field("notify"u8) is not { } notify ? NotifyTarget.Nobody : new NotifyTarget
    {
        Mode = (NotifyMode)notify.Word("mode"u8, RecordWords.NotifyModes),
        Socket = notify.TextOrNull("socket"u8),
    };

    internal static void Write(Utf8JsonWriter json, NotifyTarget target)
    {
        if (target == NotifyTarget.Nobody)
            return;
        json.WriteStartObject("notify"u8);
        json.WriteString("mode"u8, RecordWords.NotifyModes[(int)target.Mode]);
        json.WriteTextOrNothing("socket"u8, target.Socket);
        json.WriteEndObject();
    }
}
