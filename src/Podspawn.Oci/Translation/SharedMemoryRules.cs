using System.Globalization;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Translation;

/// <summary>The size of /dev/shm.</summary>
internal static class SharedMemoryRules
{
    private const string Size = "size=";

    /// <summary>Gives the default mount the size that is asked for.</summary>
    /// <param name="mounts">The default mounts.</param>
    /// <param name="taken">Paths at which the user mounts something.</param>
    /// <param name="request">The launch.</param>
    /// <param name="diagnostics">Takes what is wrong.</param>
    public static void Apply(List<Mount> mounts, IReadOnlySet<string> taken, LaunchRequest request, Diagnostics diagnostics)
    {
        if (request.Resources.ShmSize is not { } size)
            return;
        if (size <= 0)
        {
            diagnostics.Refuse(LaunchKeys.ShmSize, $"{size} would be unlimited to the kernel", "write a size such as 64m");
            return;
        }
        if (taken.Contains(DefaultMounts.SharedMemory))
        {
            diagnostics.Refuse(LaunchKeys.ShmSize, $"another mount goes to {DefaultMounts.SharedMemory}, which has a size of its own", "leave one of the two away");
            return;
        }
        int at = IndexIn(mounts);
        string option = string.Create(CultureInfo.InvariantCulture, $"{Size}{size}");
        mounts[at] = mounts[at] with
        {
            Options = [.. (mounts[at].Options ?? []).Select(other => other.StartsWith(Size, StringComparison.Ordinal) ? option : other)],
        };
    }

    /// <summary>Leaves the default mount out, or mounts another container's in its place.</summary>
    public static void Share(List<Mount> mounts, SharedNamespaces shared)
    {
        if (shared.Ipc == IpcMode.None)
            mounts.RemoveAt(IndexIn(mounts));
        else if (shared.IpcOf is not null)
            mounts[IndexIn(mounts)] = new Mount(DefaultMounts.SharedMemory, "bind", shared.MemoryPath, ["bind", "rprivate", "nosuid", "noexec", "nodev", "rw"]);
    }

    private static int IndexIn(List<Mount> mounts) => mounts.FindIndex(mount => mount.Destination == DefaultMounts.SharedMemory);
}
