using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Translation;

/// <summary>A mount hides what was mounted below its path before: a parent must come before its child.</summary>
internal static class MountOrder
{
    /// <summary>
    /// Appends the mounts by depth, otherwise in the order given. They may follow the default mounts, since none of them can be a parent of a default
    /// mount: users cannot mount at <c>/proc</c>, <c>/sys</c> and <c>/dev</c>.
    /// </summary>
    public static void Append(List<Mount> mounts, List<Mount> own)
    {
        int first = mounts.Count;
        foreach (Mount mount in own)
        {
            int depth = ContainerPath.Depth(mount.Destination);
            int at = mounts.Count;
            while (at > first && ContainerPath.Depth(mounts[at - 1].Destination) > depth)
                at--;
            mounts.Insert(at, mount);
        }
    }
}
