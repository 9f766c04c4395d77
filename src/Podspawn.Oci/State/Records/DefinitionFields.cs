using System.Text.Json;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.State.Records;

/// <summary>The fields of a <see cref="ContainerDefinition"/>.</summary>
internal static class DefinitionFields
{
    internal static ContainerDefinition Read(JsonElement record) => new()
    {
        Version = record.Number("version"u8),
        Id = record.Text("id"u8),
        Name = record.Text("name"u8),
        Created = record.Needed("created"u8).GetDateTimeOffset(),
        Foreground = record.Flag("foreground"u8),
        Image = record.TextOrNull("image"u8),
        ImageDigest = record.TextOrNull("imageDigest"u8),
        RootDirectory = record.Text("rootDirectory"u8),
        RootfsWritable = record.Flag("rootfsWritable"u8),
        StorageDriver = (StorageDriver)record.Word("storageDriver"u8, RecordWords.StorageDrivers),
        Directories = record.Texts("directories"u8),
        Mounts = MountFields.ReadAll(record),
        Devices = DeviceFields.ReadAll(record),
        Command = record.Texts("command"u8),
        EntrypointLength = record.Number("entrypointLength"u8),
        Network = (NetworkMode)record.Word("network"u8, RecordWords.NetworkModes),
        NetworkPath = record.TextOrNull("networkPath"u8),
        Attachments = AttachmentFields.ReadAll(record),
        Ports = AttachmentFields.ReadPorts(record),
        Egress = AttachmentFields.ReadEgress(record),
        SendsFrames = record.Flag("sendsFrames"u8),
        Resources = record.Field("resources"u8) is { } resources ? ResourceFields.Read(resources) : ResourceRequest.None,
        Requires = NamespaceFields.ReadRequired(record),
        Namespaces = NamespaceFields.Read(record),
        Names = record.Field("names"u8) is { } names ? ReadNames(names) : NameResolution.Usual,
        TimeZone = record.TextOrNull("timeZone"u8),
        HostName = record.Text("hostName"u8),
        Terminal = record.Flag("terminal"u8),
        Interactive = record.Flag("interactive"u8),
        Runtime = ReadRuntime(record.Needed("runtime"u8)),
        Cgroup = record.TextOrNull("cgroup"u8),
        Lifecycle = record.Field("keep"u8) is { } keep ? ReadLifecycle(keep) : new LifecycleOptions(),
        Health = record.Field("health"u8) is { } health ? HealthFields.ReadCheck(health) : null,
        CreateCommand = record.Texts("words"u8),
        CreatedIn = record.TextOrNull("saidIn"u8) ?? "/",
    };

    internal static IReadOnlyList<RecordedImage> ReadImageUses(JsonElement record) =>
    [
        .. record.TextOrNull("imageDigest"u8) is { } digest ? (RecordedImage[])[new RecordedImage(digest, record.TextOrNull("rootDirectory"u8))] : [],
        .. MountFields.ImagesIn(record).Select(image => new RecordedImage(image.Digest, image.RootDirectory)),
    ];

    internal static void Write(Utf8JsonWriter json, ContainerDefinition definition)
    {
        json.WriteNumber("version"u8, definition.Version);
        json.WriteString("id"u8, definition.Id);
        json.WriteString("name"u8, definition.Name);
        json.WriteString("created"u8, definition.Created);
        json.WriteBoolean("foreground"u8, definition.Foreground);
        json.WriteTextOrNothing("image"u8, definition.Image);
        json.WriteTextOrNothing("imageDigest"u8, definition.ImageDigest);
        json.WriteString("rootDirectory"u8, definition.RootDirectory);
        json.WriteBoolean("rootfsWritable"u8, definition.RootfsWritable);
        json.WriteString("storageDriver"u8, RecordWords.StorageDrivers[(int)definition.StorageDriver]);
        json.WriteTexts("directories"u8, definition.Directories);
        MountFields.WriteAll(json, definition.Mounts);
        DeviceFields.WriteAll(json, definition.Devices);
        json.WriteTexts("command"u8, definition.Command);
        if (definition.EntrypointLength > 0)
            json.WriteNumber("entrypointLength"u8, definition.EntrypointLength);
        json.WriteString("network"u8, RecordWords.NetworkModes[(int)definition.Network]);
        json.WriteTextOrNothing("networkPath"u8, definition.NetworkPath);
        AttachmentFields.WriteAll(json, definition.Attachments);
        AttachmentFields.WritePorts(json, definition.Ports);
        AttachmentFields.WriteEgress(json, definition.Egress);
        if (definition.SendsFrames)
            json.WriteBoolean("sendsFrames"u8, value: true);
        ResourceFields.Write(json, "resources"u8, definition.Resources);
        NamespaceFields.WriteRequired(json, definition.Requires);
        NamespaceFields.Write(json, definition.Namespaces);
        WriteNames(json, definition.Names);
        json.WriteTextOrNothing("timeZone"u8, definition.TimeZone);
        json.WriteString("hostName"u8, definition.HostName);
        json.WriteBoolean("terminal"u8, definition.Terminal);
        json.WriteBoolean("interactive"u8, definition.Interactive);
        WriteRuntime(json, definition.Runtime);
        json.WriteTextOrNothing("cgroup"u8, definition.Cgroup);
        WriteLifecycle(json, definition.Lifecycle);
        HealthFields.WriteCheck(json, "health"u8, definition.Health);
        json.WriteTexts("words"u8, definition.CreateCommand);
        json.WriteString("saidIn"u8, definition.CreatedIn);
    }

    private static NameResolution ReadNames(JsonElement names) => new()
    {
        Hosts = names.Texts("hosts"u8),
        Servers = names.Texts("servers"u8),
        Search = names.Texts("search"u8),
        Options = names.Texts("options"u8),
    };

    private static void WriteNames(Utf8JsonWriter json, NameResolution names)
    {
        if (ReferenceEquals(names, NameResolution.Usual))
            return;
        json.WriteStartObject("names"u8);
        json.WriteTexts("hosts"u8, names.Hosts);
        json.WriteTexts("servers"u8, names.Servers);
        json.WriteTexts("search"u8, names.Search);
        json.WriteTexts("options"u8, names.Options);
        json.WriteEndObject();
    }

    private static RuntimeProgram ReadRuntime(JsonElement runtime) =>
        new(runtime.Text("program"u8), runtime.Text("name"u8), runtime.Text("version"u8), runtime.Texts("flags"u8));

    private static void WriteRuntime(Utf8JsonWriter json, RuntimeProgram runtime)
    {
        json.WriteStartObject("runtime"u8);
        json.WriteString("program"u8, runtime.Program);
        json.WriteString("name"u8, runtime.Name);
        json.WriteString("version"u8, runtime.Version);
        json.WriteTexts("flags"u8, runtime.Flags);
        json.WriteEndObject();
    }

    private static LifecycleOptions ReadLifecycle(JsonElement keep) => new()
    {
        Labels = keep.Pairs("labels"u8),
        Restart = keep.Field("restart"u8) is { } restart
            ? new RestartPolicy((RestartCondition)restart.Word("condition"u8, RecordWords.RestartConditions), restart.Number("maximumRetries"u8))
            : RestartPolicy.No,
        Remove = keep.Flag("remove"u8),
        TimeoutSeconds = keep.LongNumber("timeoutSeconds"u8),
        StopSignal = keep.Field("stopSignal"u8)?.GetInt32(),
        StopTimeoutSeconds = keep.Number("stopTimeoutSeconds"u8, LifecycleOptions.DefaultStopTimeoutSeconds),
        PidFile = keep.TextOrNull("pidFile"u8),
        MonitorPidFile = keep.TextOrNull("monitorPidFile"u8),
        LogSizeMax = keep.LongNumber("logSizeMax"u8),
        Log = LogFields.Read(keep),
        Notify = NotifyFields.Read(keep),
    };

    private static void WriteLifecycle(Utf8JsonWriter json, LifecycleOptions keep)
    {
        json.WriteStartObject("keep"u8);
        json.WritePairs("labels"u8, keep.Labels);
        json.WriteStartObject("restart"u8);
        json.WriteString("condition"u8, RecordWords.RestartConditions[(int)keep.Restart.Condition]);
        json.WriteNumber("maximumRetries"u8, keep.Restart.MaximumRetries);
        json.WriteEndObject();
        json.WriteBoolean("remove"u8, keep.Remove);
        json.WriteNumber("timeoutSeconds"u8, keep.TimeoutSeconds);
        json.WriteNumberOrNothing("stopSignal"u8, keep.StopSignal);
        json.WriteNumber("stopTimeoutSeconds"u8, keep.StopTimeoutSeconds);
        json.WriteTextOrNothing("pidFile"u8, keep.PidFile);
        json.WriteTextOrNothing("monitorPidFile"u8, keep.MonitorPidFile);
        json.WriteNumber("logSizeMax"u8, keep.LogSizeMax);
        LogFields.Write(json, keep.Log);
        NotifyFields.Write(json, keep.Notify);
        json.WriteEndObject();
    }
}
