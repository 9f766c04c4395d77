using Podspawn.Oci.Host;
using Podspawn.Oci.Verification.Expectations;
using Podspawn.Oci.Verification.Observation;

namespace Podspawn.Oci.Verification.Checks;

/// <summary>Whether a container sees the limits of its own cgroup, from which language runtimes choose their heaps and threads.</summary>
internal static class LimitSight
{
    private const string Tree = "/sys/fs/cgroup";

    /// <summary>Notes whether the limit of a controller is visible in the container.</summary>
    public static void Look(string controller, Expectation expectation, Evidence evidence, FindingDraft draft)
    {
        if (expectation.OnSentry || expectation.CgroupLayout == CgroupLayout.None || evidence.Outside is not { Mounts.Count: > 0 } outside)
            return;
        if (PlaceOf(controller, expectation.CgroupLayout, outside.Mounts) is { } place)
            draft.Saw($"outside: the container sees it at {place}");
        else
            draft.Differs($"the container does not see the limit: its {Tree} has no {controller} controller, and programs that go by it take the host's");
    }

    /// <summary>The path of the controller's files in the container; null where there are none, or where a later mount covers them.</summary>
    internal static string? PlaceOf(string controller, CgroupLayout layout, IReadOnlyList<MountEntry> mounts)
    {
        for (int i = mounts.Count - 1; i >= 0; i--)
        {
            MountEntry mount = mounts[i];
            bool shows = layout == CgroupLayout.Unified
                ? mount is { Path: Tree, Type: "cgroup2" }
                : mount.Type == "cgroup" && mount.Path.StartsWith(Tree + "/", StringComparison.Ordinal) && mount.Options.Contains(controller);
            if (shows)
                return mount.Path;
            if (mount.Path is Tree or "/sys")
                return null;
        }
        return null;
    }
}
