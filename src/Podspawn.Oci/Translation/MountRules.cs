using Podspawn.Oci.Configuration;
using Podspawn.Oci.Host;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation.Requests;
using Podspawn.Oci.Translation.Tmpfs;

namespace Podspawn.Oci.Translation;

/// <summary>Combines the default mounts, the volumes and the config's tmpfs mounts.</summary>
internal static class MountRules
{
    private const string Temporary = "/tmp";

    public static IReadOnlyList<Mount> Build(
        ResolvedConfig config, LaunchRequest request, HostFacts host, RuntimeTraits runtime, bool readonlyRoot, Diagnostics diagnostics)
    {
        List<Mount> own = new(request.Volumes.Count + config.Tmpfs.Count + 1);
        HashSet<string> taken = new(StringComparer.Ordinal);
        foreach (VolumeMount volume in request.Volumes)
        {
            VolumeRules.Check(volume, diagnostics);
            if (!taken.Add(volume.Destination))
                diagnostics.RefuseLaunch($"{volume.Destination}: duplicate mount destination", "");
            own.Add(VolumeRules.Translate(volume, host, runtime, diagnostics));
        }

        if (config.Tmpfs.Count > 0 && runtime.Kernel == SystemCallHandler.Sentry)
            TmpfsRules.TellOfSentry(runtime, diagnostics);
        foreach (TmpfsMount tmpfs in config.Tmpfs)
        {
            if (!taken.Add(tmpfs.Path) && IsVolume(request, tmpfs.Path))
                diagnostics.RefuseSecond(Keys.TmpfsAt(tmpfs.Path), $"{tmpfs.Path}: duplicate mount destination", "a volume and a tmpfs go there; remove one of the two");
            own.Add(TmpfsRules.Translate(tmpfs, request, host, runtime, diagnostics));
        }

        if (readonlyRoot && runtime.Kernel == SystemCallHandler.Sentry && taken.Add(Temporary))
            own.Add(CloseTemporary(diagnostics));

        List<Mount> mounts = DefaultMounts.For(host, runtime);
        SharedMemoryRules.Apply(mounts, taken, request, diagnostics);
        SharedMemoryRules.Share(mounts, request.Namespaces);
        mounts.RemoveAll(mount => taken.Contains(mount.Destination));
        MountOrder.Append(mounts, own);
        return mounts;
    }

    /// <summary>runsc mounts its own writable tmpfs over an empty <c>/tmp</c> unless there is another mount, which would leave a hole in a read-only root.</summary>
    private static Mount CloseTemporary(Diagnostics diagnostics)
    {
        diagnostics.DiffersByNature(Keys.ReadonlyRootfs,
            "gvisor would put a writable tmpfs at /tmp: an empty read-only one is put there, which hides what the root filesystem has in /tmp");
        return new Mount(Temporary, "tmpfs", "tmpfs", ["noexec", "nosuid", "nodev", "ro", "mode=1777", "size=4096"]);
    }

    private static bool IsVolume(LaunchRequest request, string path)
    {
        foreach (VolumeMount volume in request.Volumes)
        {
            if (volume.Destination == path)
                return true;
        }

        return false;
    }
}
