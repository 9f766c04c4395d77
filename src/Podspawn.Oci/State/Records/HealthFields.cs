using System.Text.Json;

namespace Podspawn.Oci.State.Records;

/// <summary>The fields of a <see cref="HealthCheck"/> and of a <see cref="ContainerHealth"/>.</summary>
internal static class HealthFields
{
    internal static HealthCheck ReadCheck(JsonElement record) => new()
    {
        Command = record.Texts("command"u8),
        Interval = Milliseconds(record, "interval"u8),
        Timeout = Milliseconds(record, "timeout"u8),
        StartPeriod = Milliseconds(record, "startPeriod"u8),
        Retries = record.Number("retries"u8, HealthCheck.UsualRetries),
    };

    internal static void WriteCheck(Utf8JsonWriter json, ReadOnlySpan<byte> name, HealthCheck? check)
    {
        if (check is null)
            return;
        json.WriteStartObject(name);
        json.WriteTexts("command"u8, check.Command);
        json.WriteNumber("interval"u8, (long)check.Interval.TotalMilliseconds);
        json.WriteNumber("timeout"u8, (long)check.Timeout.TotalMilliseconds);
        json.WriteNumber("startPeriod"u8, (long)check.StartPeriod.TotalMilliseconds);
        json.WriteNumber("retries"u8, check.Retries);
        json.WriteEndObject();
    }

    internal static ContainerHealth Read(JsonElement record) => new(
        (HealthStatus)record.Word("status"u8, RecordWords.HealthStatuses),
        record.Number("failingStreak"u8),
        [.. record.Needed("log"u8).EnumerateArray().Select(ReadResult)]);

    internal static void Write(Utf8JsonWriter json, ContainerHealth health)
    {
        json.WriteString("status"u8, RecordWords.HealthStatuses[(int)health.Status]);
        json.WriteNumber("failingStreak"u8, health.FailingStreak);
        json.WriteObjects("log"u8, health.Log, WriteResult);
    }

    private static void WriteResult(Utf8JsonWriter json, HealthResult result)
    {
        json.WriteString("start"u8, result.Start);
        json.WriteString("end"u8, result.End);
        json.WriteNumber("exitStatus"u8, result.ExitStatus);
        json.WriteString("output"u8, result.Output);
    }

    private static HealthResult ReadResult(JsonElement result) => new(
        result.Needed("start"u8).GetDateTimeOffset(), result.Needed("end"u8).GetDateTimeOffset(), result.Number("exitStatus"u8), result.Text("output"u8));

    private static TimeSpan Milliseconds(JsonElement record, ReadOnlySpan<byte> name) => TimeSpan.FromMilliseconds(record.LongNumber(name));
}
