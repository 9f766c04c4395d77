using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.State.Records;

/// <summary>The words for values in records, each at its value's number: reflection on the enum would take longer.</summary>
internal static class RecordWords
{
    internal static readonly string[] Statuses =
    [
        nameof(ContainerStatus.Created), nameof(ContainerStatus.Starting), nameof(ContainerStatus.Running), nameof(ContainerStatus.Paused),
        nameof(ContainerStatus.Restarting), nameof(ContainerStatus.Exited), nameof(ContainerStatus.Removing),
    ];

    internal static readonly string[] HealthStatuses = [nameof(HealthStatus.Starting), nameof(HealthStatus.Healthy), nameof(HealthStatus.Unhealthy)];

    internal static readonly string[] StorageDrivers =
        [nameof(StorageDriver.Auto), nameof(StorageDriver.Overlay), nameof(StorageDriver.FuseOverlayfs), nameof(StorageDriver.Copy)];

    internal static readonly string[] NetworkModes =
        [nameof(NetworkMode.None), nameof(NetworkMode.Host), nameof(NetworkMode.Bridge), nameof(NetworkMode.Container), nameof(NetworkMode.Path)];

    internal static readonly string[] IpcModes = ["private", "shareable", "none", "container"];

    internal static readonly string[] LogDrivers = [nameof(LogDriver.K8sFile), nameof(LogDriver.JsonFile), nameof(LogDriver.Journald), nameof(LogDriver.None)];

    internal static readonly string[] NotifyModes = [nameof(NotifyMode.Ignore), nameof(NotifyMode.Conmon), nameof(NotifyMode.Container)];

    internal static readonly string[] RestartConditions = [nameof(RestartCondition.No), nameof(RestartCondition.OnFailure), nameof(RestartCondition.Always)];
}
