using Podspawn.Oci.Configuration;
using Podspawn.Oci.Host;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Translation;

/// <summary><c>masked_paths</c> and <c>readonly_paths</c>: the config's lists, or Docker's.</summary>
internal static class PathLists
{
    private static string[] DockerMasked() =>
    [
        "/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/sched_debug",
        "/proc/scsi", "/proc/timer_list", "/proc/timer_stats", "/sys/devices/virtual/powercap", "/sys/firmware",
    ];

    private static string[] DockerReadonly() => ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

    /// <summary>What is hidden where the config says nothing.</summary>
    public static IReadOnlyList<string> UsuallyMasked(HostFacts host) => [.. DockerMasked(), .. host.ThermalThrottlePaths];

    /// <summary>What is read-only where the config says nothing.</summary>
    public static IReadOnlyList<string> UsuallyReadonly() => DockerReadonly();

    public static IReadOnlyList<string> Masked(IReadOnlyList<string>? written, HostFacts host, Diagnostics diagnostics) =>
        written is null
            ? UsuallyMasked(host)
            : Resolve(Keys.MaskedPaths, written, "every file of /proc and /sys can be read in the container", diagnostics);

    public static IReadOnlyList<string> Readonly(IReadOnlyList<string>? written, Diagnostics diagnostics) =>
        written is null
            ? DockerReadonly()
            : Resolve(Keys.ReadonlyPaths, written, "the kernel's parameters in /proc/sys can be written by the container's root", diagnostics);

    /// <summary>
    /// Leaves out the read-only paths that would do harm: with some runtimes such a path removes the flags of the mounts at it and below it, so that
    /// <c>/sys</c> in this list would open the read-only control groups for writing.
    /// </summary>
    public static IReadOnlyList<string> WithoutReopened(
        IReadOnlyList<string> readOnly, IReadOnlyList<Mount> mounts, LaunchRequest request, RuntimeTraits runtime, Diagnostics diagnostics)
    {
        if (!runtime.ReadonlyPathsReopenMounts)
            return readOnly;
        List<string> kept = new(readOnly.Count);
        foreach (string path in readOnly)
        {
            if (FirstAtOrBelow(path, mounts) is not { } mount)
                kept.Add(path);
            else
                diagnostics.RefuseUnlessWaived(
                    Keys.ReadonlyPaths,
                    $"{runtime.Name} would take the flags off the mount '{mount}' for '{path}'",
                    request.AllowUnenforced,
                    "name paths that hold no mount");
        }

        return kept;
    }

    /// <summary>
    /// runsc ignores both lists. The paths in Docker's lists are harmless there, since the Sentry has no such files or only its own; any other path
    /// would be left open.
    /// </summary>
    public static void TellOfSentry(
        IReadOnlyList<string> masked, IReadOnlyList<string> readOnly, LaunchRequest request, HostFacts host, Diagnostics diagnostics)
    {
        TellOfSentry(Keys.MaskedPaths, masked, [.. DockerMasked(), .. host.ThermalThrottlePaths], "gvisor has none of these files", request, diagnostics);
        TellOfSentry(Keys.ReadonlyPaths, readOnly, DockerReadonly(), "gvisor has only parameters of its own there, which reach no host", request, diagnostics);
    }

    private static void TellOfSentry(
        string key, IReadOnlyList<string> paths, IReadOnlyList<string> harmless, string why, LaunchRequest request, Diagnostics diagnostics)
    {
        if (paths.Count == 0)
            return;
        string? open = FirstNotIn(paths, harmless);
        if (open is null)
            diagnostics.DiffersByNature(key, why);
        else
            diagnostics.RefuseUnlessWaived(key, $"gvisor does not enforce it for '{open}'", request.AllowUnenforced, "remove the path");
    }

    private static List<string> Resolve(string key, IReadOnlyList<string> written, string consequence, Diagnostics diagnostics)
    {
        if (written.Count == 0)
            diagnostics.Warn(key, $"empty: {consequence}");
        List<string> paths = new(written.Count);
        for (int i = 0; i < written.Count; i++)
        {
            if (ContainerPath.CheckSeen(written[i]) is { } problem)
                diagnostics.Refuse(Keys.Element(key, i), problem.What, problem.Hint);
            else if (!paths.Contains(written[i]))
                paths.Add(written[i]);
        }

        return paths;
    }

    private static string? FirstAtOrBelow(string path, IReadOnlyList<Mount> mounts)
    {
        foreach (Mount mount in mounts)
        {
            if (ContainerPath.IsAtOrBelow(mount.Destination, path))
                return mount.Destination;
        }

        return null;
    }

    private static string? FirstNotIn(IReadOnlyList<string> paths, IReadOnlyList<string> others)
    {
        foreach (string path in paths)
        {
            bool found = false;
            foreach (string other in others)
                found |= path == other;
            if (!found)
                return path;
        }

        return null;
    }
}
