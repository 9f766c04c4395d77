using Podspawn.Oci.Host;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Translation;

/// <summary>Translates volumes to bind mounts, in Docker's form.</summary>
internal static class VolumeRules
{
    private static readonly Version FirstWithMountSetattr = new(5, 12);

    public static void Check(VolumeMount volume, Diagnostics diagnostics)
    {
        if (ContainerPath.CheckMountPoint(volume.Destination) is { } destination)
            diagnostics.RefuseLaunch($"volume: {destination.What}", destination.Hint);
        if (volume.Source != "/" && ContainerPath.Check(volume.Source) is { } source)
            diagnostics.RefuseLaunch($"volume source: {source.What}", source.Hint);
        if (volume.Remark is { } remark)
            diagnostics.Tell(remark with { Text = $"volume at '{volume.Destination}': {remark.Text}" });
        foreach (string option in volume.Options)
        {
            string? group = MountFlags.GroupOf(option);
            if (group is null or MountFlags.ReadWrite)
                diagnostics.RefuseLaunch($"volume at '{volume.Destination}': '{option}' is no option that a volume takes", "remove it");
        }
    }

    public static Mount Translate(VolumeMount volume, HostFacts host, RuntimeTraits runtime, Diagnostics diagnostics)
    {
        if (!volume.IsRecursive && runtime.BindsWhatIsMountedBelow)
            diagnostics.RefuseLaunch($"volume at '{volume.Destination}': {runtime.Name} mounts what lies below '{volume.Source}' as well", "use rbind, or another runtime");
        List<string> options = new(volume.Options.Count + 4) { volume.IsRecursive ? "rbind" : "bind" };
        if (!HasPropagation(volume.Options))
            options.Add("rprivate");
        options.AddRange(volume.Options);
        options.Add(volume.ReadOnly ? "ro" : "rw");
        // Not for a file, or where nothing below comes along; crun before 1.14.4 fails with a file: it opens every recursive mount as a directory.
        if (volume.ReadOnly && !volume.IsFile && volume.IsRecursive && runtime.Kernel == SystemCallHandler.Host)
            MakeRecursive(volume, options, host, runtime, diagnostics);
        return new Mount(volume.Destination, "bind", volume.Source, options);
    }

    /// <summary>Makes a read-only bind mount read-only recursively where kernel and runtime can: otherwise mounts below its source stay writable.</summary>
    private static void MakeRecursive(VolumeMount volume, List<string> options, HostFacts host, RuntimeTraits runtime, Diagnostics diagnostics)
    {
        if (runtime.RecursiveReadonlyMounts && host.Kernel >= FirstWithMountSetattr)
            options.Add("rro");
        else
            diagnostics.Inform("", $"volume at '{volume.Destination}': what is mounted below '{volume.Source}' on the host stays writable");
    }

    private static bool HasPropagation(IReadOnlyList<string> options)
    {
        foreach (string option in options)
        {
            if (MountFlags.GroupOf(option) == "propagation")
                return true;
        }

        return false;
    }
}
