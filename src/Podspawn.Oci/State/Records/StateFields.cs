using System.Text.Json;
using Podspawn.Oci.RootFilesystems;

namespace Podspawn.Oci.State.Records;

/// <summary>The fields of a <see cref="ContainerState"/>.</summary>
internal static class StateFields
{
    internal static ContainerState Read(JsonElement record) => new()
    {
        Version = record.Number("version"u8),
        Status = (ContainerStatus)record.Word("status"u8, RecordWords.Statuses),
        Process = ReadProcess(record.Field("process"u8)),
        Monitor = ReadProcess(record.Field("monitor"u8)),
        Restarter = ReadProcess(record.Field("restarter"u8)),
        Layer = record.Field("layer"u8) is null ? null : (StorageDriver)record.Word("layer"u8, RecordWords.StorageDrivers),
        Freezing = record.Flag("freezing"u8),
        Pauser = ReadProcess(record.Field("pauser"u8)),
        Stopper = ReadProcess(record.Field("stopper"u8)),
        Releasing = record.Flag("releasing"u8),
        Started = record.TimeOrNull("started"u8),
        Finished = record.TimeOrNull("finished"u8),
        ExitStatus = record.Field("exitStatus"u8)?.GetInt32(),
        OutOfMemory = record.Flag("outOfMemory"u8),
        Error = record.TextOrNull("error"u8),
        Restarts = record.Number("restarts"u8),
        StopRequested = record.Flag("stopRequested"u8),
    };

    internal static void Write(Utf8JsonWriter json, ContainerState state)
    {
        json.WriteNumber("version"u8, state.Version);
        json.WriteString("status"u8, RecordWords.Statuses[(int)state.Status]);
        WriteProcess(json, "process"u8, state.Process);
        WriteProcess(json, "monitor"u8, state.Monitor);
        WriteProcess(json, "restarter"u8, state.Restarter);
        json.WriteTextOrNothing("layer"u8, state.Layer is { } layer ? RecordWords.StorageDrivers[(int)layer] : null);
        json.WriteBoolean("freezing"u8, state.Freezing);
        WriteProcess(json, "pauser"u8, state.Pauser);
        WriteProcess(json, "stopper"u8, state.Stopper);
        json.WriteBoolean("releasing"u8, state.Releasing);
        json.WriteTimeOrNothing("started"u8, state.Started);
        json.WriteTimeOrNothing("finished"u8, state.Finished);
        json.WriteNumberOrNothing("exitStatus"u8, state.ExitStatus);
        json.WriteBoolean("outOfMemory"u8, state.OutOfMemory);
        json.WriteTextOrNothing("error"u8, state.Error);
        json.WriteNumber("restarts"u8, state.Restarts);
        json.WriteBoolean("stopRequested"u8, state.StopRequested);
    }

    private static ProcessIdentity? ReadProcess(JsonElement? process) =>
        process is { } known ? new ProcessIdentity(known.Needed("pid"u8).GetInt32(), known.Needed("startTime"u8).GetUInt64()) : null;

    private static void WriteProcess(Utf8JsonWriter json, ReadOnlySpan<byte> name, ProcessIdentity? process)
    {
        if (process is not { } known)
            return;
        json.WriteStartObject(name);
        json.WriteNumber("pid"u8, known.Pid);
        json.WriteNumber("startTime"u8, known.StartTime);
        json.WriteEndObject();
    }
}
