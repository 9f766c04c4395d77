using Podspawn.Oci.State;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.State.Store;

namespace Podspawn.Oci.Lifecycle;

/// <summary>A container that its launcher runs in the foreground: it has no recorded state, and runs as long as the launcher does.</summary>
internal static class ForegroundContainer
{
    /// <summary>Null where its launcher has released it.</summary>
    internal static Container? Read(ContainerStore store, ContainerPaths paths, ContainerDefinition definition)
    {
        if (!store.IsRunning(paths.Id))
            return null;
        ProcessIdentity? process = ContainerPidFile.Read(paths.PidFile) is { } pid ? ProcessIdentity.Of(pid) : null;
        ProcessIdentity? launcher = LauncherFile.Read(paths) is { } id ? ProcessIdentity.Of(id) : null;
        var container = new Container(paths, definition, new ContainerState
        {
            Status = process is null ? ContainerStatus.Created : ContainerStatus.Running,
            Process = process,
            Monitor = launcher,
            Started = process is null ? null : new DateTimeOffset(File.GetLastWriteTimeUtc(paths.PidFile)),
        });
        return container.HasProcess && File.Exists(paths.Freezing) && Freezer.IsFrozen(container)
            ? container with { State = container.State with { Status = ContainerStatus.Paused } }
            : container;
    }
}
