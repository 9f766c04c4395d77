using System.Globalization;
using Podspawn.Oci.Native;
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
        if (container.HasProcess && PauserOf(paths)?.IsAlive() == false)
        {
            Freezer.Thaw(container);
            File.Delete(paths.Freezing);
        }
        return container.HasProcess && File.Exists(paths.Freezing) && Freezer.IsFrozen(container)
            ? container with { State = container.State with { Status = ContainerStatus.Paused } }
            : container;
    }

    /// <summary>Marks that the processes are about to be frozen.</summary>
    /// <param name="paths">The container's paths.</param>
    /// <param name="pauser">The process that lets them go on; null where a user does.</param>
    internal static void MarkPause(ContainerPaths paths, ProcessIdentity? pauser) => File.WriteAllText(
        paths.Freezing, pauser is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known.Pid} {known.StartTime}") : "");

    private static ProcessIdentity? PauserOf(ContainerPaths paths) =>
        SmallFile.Read(paths.Freezing)?.Split(' ') is [var pid, var start]
            && int.TryParse(pid, CultureInfo.InvariantCulture, out int number) && ulong.TryParse(start, CultureInfo.InvariantCulture, out ulong time)
            ? new ProcessIdentity(number, time)
            : null;
}
