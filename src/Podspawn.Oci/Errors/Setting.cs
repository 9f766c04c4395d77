namespace Podspawn.Oci.Errors;

/// <summary>A setting of the caller beside the config, named in a message: <c>name another with {Setting.Rootfs}</c>.</summary>
/// <param name="Name">The library's name for it, in lower case, words separated by dashes.</param>
public sealed record Setting(string Name)
{
    internal static Setting AddHost { get; } = new("add-host");

    internal static Setting After { get; } = new("after");

    internal static Setting All { get; } = new("all");

    internal static Setting AllowUnenforced { get; } = new("allow-unenforced");

    internal static Setting Annotation { get; } = new("annotation");

    internal static Setting Authfile { get; } = new("authfile");

    internal static Setting Bundle { get; } = new("bundle");

    internal static Setting CapAdd { get; } = new("cap-add");

    internal static Setting CapDrop { get; } = new("cap-drop");

    internal static Setting CertDir { get; } = new("cert-dir");

    internal static Setting CgroupManager { get; } = new("cgroup-manager");

    internal static Setting Change { get; } = new("change");

    internal static Setting CpuPeriod { get; } = new("cpu-period");

    internal static Setting CpuQuota { get; } = new("cpu-quota");

    internal static Setting Cpus { get; } = new("cpus");

    internal static Setting DataRoot { get; } = new("data-root");

    internal static Setting Detach { get; } = new("detach");

    internal static Setting DetachKeys { get; } = new("detach-keys");

    internal static Setting Device { get; } = new("device");

    internal static Setting DeviceCgroupRule { get; } = new("device-cgroup-rule");

    internal static Setting Dns { get; } = new("dns");

    internal static Setting DnsOption { get; } = new("dns-option");

    internal static Setting DnsSearch { get; } = new("dns-search");

    internal static Setting DryRun { get; } = new("dry-run");

    internal static Setting Env { get; } = new("env");

    internal static Setting EnvFile { get; } = new("env-file");

    internal static Setting EnvHost { get; } = new("env-host");

    internal static Setting Files { get; } = new("files");

    internal static Setting Filter { get; } = new("filter");

    internal static Setting Force { get; } = new("force");

    internal static Setting Gateway { get; } = new("gateway");

    internal static Setting GroupAdd { get; } = new("group-add");

    internal static Setting HealthCmd { get; } = new("health-cmd");

    internal static Setting HealthInterval { get; } = new("health-interval");

    internal static Setting HealthRetries { get; } = new("health-retries");

    internal static Setting HealthStartPeriod { get; } = new("health-start-period");

    internal static Setting HealthTimeout { get; } = new("health-timeout");

    internal static Setting Hostname { get; } = new("hostname");

    internal static Setting IdFile { get; } = new("cidfile");

    internal static Setting Init { get; } = new("init");

    internal static Setting Interactive { get; } = new("interactive");

    internal static Setting Ip { get; } = new("ip");

    internal static Setting Ip6 { get; } = new("ip6");

    internal static Setting Ipc { get; } = new("ipc");

    internal static Setting Json { get; } = new("json");

    internal static Setting LogDriver { get; } = new("log-driver");

    internal static Setting LogOpt { get; } = new("log-opt");

    internal static Setting Egress { get; } = new("egress");

    internal static Setting EgressAllow { get; } = new("egress-allow");

    internal static Setting MacAddress { get; } = new("mac-address");

    internal static Setting MaxSize { get; } = new("max-size");

    internal static Setting Memory { get; } = new("memory");

    internal static Setting MemoryReservation { get; } = new("memory-reservation");

    internal static Setting MemorySwap { get; } = new("memory-swap");

    internal static Setting Mount { get; } = new("mount");

    internal static Setting ContainerName { get; } = new("name");

    internal static Setting Network { get; } = new("network");

    internal static Setting NetworkAlias { get; } = new("network-alias");

    internal static Setting NoHealthcheck { get; } = new("no-healthcheck");

    internal static Setting Only { get; } = new("only");

    internal static Setting Output { get; } = new("output");

    internal static Setting Overwrite { get; } = new("overwrite");

    internal static Setting Pid { get; } = new("pid");

    internal static Setting ConmonPidFile { get; } = new("conmon-pidfile");
    internal static Setting PidFile { get; } = new("pid-file");

    internal static Setting PidsLimit { get; } = new("pids-limit");

    internal static Setting Platform { get; } = new("platform");

    internal static Setting PreserveFds { get; } = new("preserve-fds");

    internal static Setting Publish { get; } = new("publish");

    internal static Setting Pull { get; } = new("pull");

    internal static Setting ImageVolume { get; } = new("image-volume");

    internal static Setting ReadOnly { get; } = new("read-only");

    internal static Setting Replace { get; } = new("replace");

    internal static Setting Requires { get; } = new("requires");

    internal static Setting Restart { get; } = new("restart");

    internal static Setting RestartPolicy { get; } = new("restart-policy");

    internal static Setting Rm { get; } = new("rm");

    internal static Setting Rootfs { get; } = new("rootfs");

    internal static Setting RootfsWritable { get; } = new("rootfs-writable");

    internal static Setting Runtime { get; } = new("runtime");

    internal static Setting RuntimeFlag { get; } = new("runtime-flag");

    internal static Setting SecurityOpt { get; } = new("security-opt");

    internal static Setting Select { get; } = new("select");

    internal static Setting ShmSize { get; } = new("shm-size");

    internal static Setting SignaturePolicy { get; } = new("signature-policy");

    internal static Setting StallTimeout { get; } = new("stall-timeout");

    internal static Setting StorageDriver { get; } = new("storage-driver");

    internal static Setting Subnet { get; } = new("subnet");

    internal static Setting Sysctl { get; } = new("sysctl");

    internal static Setting TlsVerify { get; } = new("tls-verify");

    internal static Setting Tmpfs { get; } = new("tmpfs");

    internal static Setting Tty { get; } = new("tty");

    internal static Setting Tz { get; } = new("tz");

    internal static Setting Ulimit { get; } = new("ulimit");

    internal static Setting Umask { get; } = new("umask");

    internal static Setting UnpackTimeout { get; } = new("unpack-timeout");

    internal static Setting User { get; } = new("user");

    internal static Setting Volume { get; } = new("volume");

    internal static Setting VolumesFrom { get; } = new("volumes-from");

    internal static Setting Wants { get; } = new("wants");

    internal static Setting Workdir { get; } = new("workdir");

    /// <summary>The caller's name for it.</summary>
    public override string ToString() => CallerNames.OfSetting(Name);
}
