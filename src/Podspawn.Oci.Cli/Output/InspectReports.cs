using System.Text.Json;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Text;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Cli.Output;

/// <summary>A container as <c>inspect</c> prints it: in docker's form where docker has a field for it, with the config.json that its runtime got.</summary>
internal sealed record InspectReport(
    string Id,
    string Name,
    DateTimeOffset Created,
    string Image,
    string? ImageDigest,
    InspectedState State,
    int RestartCount,
    InspectedConfig Config,
    InspectedHost HostConfig,
    RuntimeProgram Runtime,
    string LogPath,
    string BundlePath,
    string? CgroupPath,
    IReadOnlyList<InspectedMount> Mounts,
    JsonElement Spec);

/// <summary>The state of an inspected container; <c>Pid</c> is 0 where it does not run, as in docker.</summary>
internal sealed record InspectedState(
    string Status,
    bool Running,
    bool Paused,
    bool Restarting,
    bool OutOfMemory,
    int Pid,
    int MonitorPid,
    int ExitCode,
    string Error,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt)
{
    /// <summary>Its health; null where nobody asks for it.</summary>
    public InspectedHealth? Health { get; init; }
}

/// <summary>What an inspected container was created to run.</summary>
internal sealed record InspectedConfig(
    string Hostname,
    IReadOnlyList<string> Cmd,
    bool Tty,
    bool OpenStdin,
    IReadOnlyDictionary<string, string> Labels,
    string StopSignal,
    int StopTimeout,
    IReadOnlyList<string> CreateCommand);

/// <summary>The settings of an inspected container on its host.</summary>
internal sealed record InspectedHost(
    string NetworkMode,
    string RestartPolicy,
    bool AutoRemove,
    long Timeout,
    string? PidFile,
    long LogSizeMax,
    string? StorageDriver,
    string RootDirectory,
    bool RootfsWritable,
    bool Foreground);

/// <summary>Collects the report of a container.</summary>
internal static class InspectReports
{
    internal static InspectReport Of(Container container)
    {
        (ContainerDefinition definition, ContainerState state) = (container.Definition, container.State);
        LifecycleOptions keep = definition.Lifecycle;
        using JsonDocument spec = JsonDocument.Parse(File.ReadAllBytes(container.Paths.Config));
        return new InspectReport(
            container.Id,
            container.Name,
            definition.Created,
            definition.Origin,
            definition.ImageDigest,
            new InspectedState(
                StatusWords.Of(container),
                container.HasProcess,
                state.Status == ContainerStatus.Paused,
                container.ShownStatus == ContainerStatus.Restarting,
                state.OutOfMemory,
                container.HasProcess ? state.Process?.Pid ?? 0 : 0,
                container.HasProcess ? state.Monitor?.Pid ?? 0 : 0,
                state.ExitStatus ?? 0,
                state.Error ?? "",
                state.Started,
                state.Finished) { Health = InspectedHealth.Of(container) },
            state.Restarts,
            new InspectedConfig(
                definition.HostName,
                definition.Command,
                definition.Terminal,
                definition.Interactive,
                keep.Labels,
                Signals.Name(keep.StopSignal ?? Signals.Terminate),
                keep.StopTimeoutSeconds,
                ["podspawn-oci", .. definition.CreateCommand]),
            new InspectedHost(
                definition.Network == NetworkMode.Host ? "host" : "none",
                RestartPolicyText.Format(keep.Restart),
                keep.Remove,
                keep.TimeoutSeconds,
                keep.PidFile,
                keep.LogSizeMax,
                state.Layer?.ToString().ToLowerInvariant(),
                definition.RootDirectory,
                definition.RootfsWritable,
                definition.Foreground),
            definition.Runtime,
            definition.Foreground ? "" : container.Paths.Log,
            container.Paths.Directory,
            definition.Cgroup,
            [.. definition.Mounts.Select(InspectedMount.Of)],
            spec.RootElement.Clone());
    }
}
