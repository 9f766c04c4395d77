using Podspawn.Oci.Hosting;
using Podspawn.Oci.Runtimes;

namespace Podspawn.Oci.Containers;

/// <summary>Has the runtime end and forget a container.</summary>
internal static class RuntimeRemains
{
    /// <summary>What every call about this container needs.</summary>
    internal static RuntimeCall CallFor(ContainerPaths paths) => new(paths.Id, paths.RuntimeState, paths.RuntimeLog);

    /// <summary>Whether the runtime still remembers the container: its state directory is this container's alone.</summary>
    internal static bool Any(ContainerPaths paths) =>
        Directory.Exists(paths.RuntimeState) && Directory.EnumerateFileSystemEntries(paths.RuntimeState).Any();

    /// <summary>Ends and forgets it; on a thread with mounts of its own where the runtime needs to be shown other ones.</summary>
    internal static void Delete(RuntimeDriver driver, ContainerPaths paths)
    {
        IReadOnlyList<string> arguments = driver.Delete(CallFor(paths));
        CgroupLayout layout = CgroupProbe.Layout();
        if (layout == CgroupLayout.Hybrid && !driver.Traits.AcceptsHybridCgroups)
            PrivateMounts.Inside(HostProbe.Read(), driver.Traits, () => RuntimeProcess.Run(driver.Program, arguments));
        else
            RuntimeProcess.Run(driver.Program, arguments);
    }
}
