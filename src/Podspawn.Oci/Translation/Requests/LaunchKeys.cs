using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Translation.Requests;

/// <summary>The names of what a launch is given beside its config: in notes, and where the user lets one of them go.</summary>
internal static class LaunchKeys
{
    public const string MemorySwap = "memory_swap";
    public const string MemoryReservation = "memory_reservation";
    public const string CpuShares = "cpu_shares";
    public const string CpuPeriod = "cpu_period";
    public const string CpusetCpus = "cpuset_cpus";
    public const string CpusetMems = "cpuset_mems";
    public const string BlkioWeight = "blkio_weight";
    public const string OomScoreAdj = "oom_score_adj";
    public const string ShmSize = "shm_size";
    public const string Ulimit = "ulimit";
    public const string Sysctl = "sysctl";
    public const string Umask = "umask";
    public const string Annotation = "annotation";
    public const string Device = "device";
    public const string DeviceCgroupRule = "device_cgroup_rule";
    public const string Ipc = "ipc";
    public const string Pid = "pid";
    public const string PreserveFds = "preserve_fds";
    public const string SdNotify = "sdnotify";

    private static readonly string[] Order =
    [
        MemorySwap, MemoryReservation, CpuShares, CpuPeriod, CpusetCpus, CpusetMems, BlkioWeight, OomScoreAdj, ShmSize, Ulimit, Sysctl, Umask, Annotation,
        Device, DeviceCgroupRule, Ipc, Pid, PreserveFds, SdNotify,
    ];

    /// <summary>The order in which they are reported.</summary>
    public static ReadOnlySpan<string> InOrder => Order;

    /// <summary>The caller's setting of that name; null for a key of the config.</summary>
    public static Setting? SettingOf(string key) => Array.IndexOf(Order, key) < 0 ? null : new Setting(key.Replace('_', '-'));
}
