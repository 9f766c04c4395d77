using Podspawn.Oci.Host;
using Podspawn.Oci.Spec;

namespace Podspawn.Oci.Translation;

/// <summary>The mounts that every container gets, in the layout of Docker's engine.</summary>
internal static class DefaultMounts
{
    /// <summary>Where the shared memory of a container's processes is (shm_overview(7)).</summary>
    public const string SharedMemory = "/dev/shm";

    private const string Cgroup = "/sys/fs/cgroup";

    public static List<Mount> For(HostFacts host, RuntimeTraits runtime)
    {
        List<Mount> mounts =
        [
            new("/proc", "proc", "proc", ["nosuid", "noexec", "nodev"]),
            new("/dev", "tmpfs", "tmpfs", ["nosuid", "strictatime", "mode=755", "size=65536k"]),
            new("/dev/pts", "devpts", "devpts", ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]),
            new("/sys", "sysfs", "sysfs", ["nosuid", "noexec", "nodev", "ro"]),
        ];
        AddCgroup(mounts, host, runtime);
        mounts.Add(new Mount("/dev/mqueue", "mqueue", "mqueue", ["nosuid", "noexec", "nodev"]));
        mounts.Add(new Mount(SharedMemory, "tmpfs", "shm", ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"]));
        return mounts;
    }

    private static void AddCgroup(List<Mount> mounts, HostFacts host, RuntimeTraits runtime)
    {
        if (host.CgroupLayout == CgroupLayout.None)
            return;
        mounts.Add(new Mount(Cgroup, "cgroup", "cgroup", ["nosuid", "noexec", "nodev", "ro"]));

        // With version 1 the runtimes mount each hierarchy read-only, but on a tmpfs that stays writable: a hole in a read-only root. A path in
        // readonlyPaths would close it too, but makes crun 1.8.1 open the hierarchies for writing. The options contain no bind: crun 1.29 would take
        // that for a new mount of the host's directory, which hides the hierarchies, and with them the limits from programs that read them.
        if (host.CgroupLayout != CgroupLayout.Unified && runtime.Kernel == SystemCallHandler.Host)
            mounts.Add(new Mount(Cgroup, "none", "none", ["remount", "nosuid", "noexec", "nodev", "ro"]));
    }
}
