using System.Text.Json;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Cli.Inspecting;

/// <summary>A container as <c>inspect</c> prints it. Names and forms are docker's and podman's; what is ours alone is in <see cref="Podspawn"/>.</summary>
internal sealed record InspectedContainer
{
    public required string Id { get; init; }
    public required string Created { get; init; }
    public required string Path { get; init; }
    public required IReadOnlyList<string> Args { get; init; }
    public required InspectedState State { get; init; }
    public required string Image { get; init; }
    public required string ImageDigest { get; init; }
    public required string ImageName { get; init; }
    public required string Rootfs { get; init; }
    public required string ResolvConfPath { get; init; }
    public required string HostnamePath { get; init; }
    public required string HostsPath { get; init; }
    public required string StaticDir { get; init; }
    public required string OCIConfigPath { get; init; }
    public required string OCIRuntime { get; init; }
    public required string LogPath { get; init; }
    public required string ConmonPidFile { get; init; }
    public required string PidFile { get; init; }
    public required string Name { get; init; }
    public required int RestartCount { get; init; }
    public required string Driver { get; init; }
    public required string Platform { get; init; }
    public required string MountLabel { get; init; }
    public required string ProcessLabel { get; init; }
    public required string AppArmorProfile { get; init; }
    public required IReadOnlyList<string> EffectiveCaps { get; init; }
    public required IReadOnlyList<string> BoundingCaps { get; init; }
    public required IReadOnlyList<string> ExecIDs { get; init; }
    public required InspectedDriver GraphDriver { get; init; }
    public long? SizeRw { get; init; }
    public long? SizeRootFs { get; init; }
    public required IReadOnlyList<InspectedMount> Mounts { get; init; }
    public required IReadOnlyList<string> Dependencies { get; init; }
    public required InspectedNetworks NetworkSettings { get; init; }
    public required string Namespace { get; init; }
    public required bool IsInfra { get; init; }
    public required InspectedConfig Config { get; init; }
    public required InspectedHost HostConfig { get; init; }
    public required InspectedPart Podspawn { get; init; }
}

/// <summary>How far a container's life has gone; <c>Pid</c> is 0 where it does not run, and a time that has not come is docker's zero.</summary>
internal sealed record InspectedState
{
    public required string OciVersion { get; init; }
    public required string Status { get; init; }
    public required bool Running { get; init; }
    public required bool Paused { get; init; }
    public required bool Restarting { get; init; }
    public required bool OOMKilled { get; init; }
    public required bool Dead { get; init; }
    public required int Pid { get; init; }
    public required int ConmonPid { get; init; }
    public required int ExitCode { get; init; }
    public required string Error { get; init; }
    public required string StartedAt { get; init; }
    public required string FinishedAt { get; init; }
    public required InspectedHealth Health { get; init; }
    public required string CgroupPath { get; init; }
}

/// <summary>What a container's health check has found; empty where it has none.</summary>
internal sealed record InspectedHealth(string Status, int FailingStreak, IReadOnlyList<InspectedCheck> Log);

/// <summary>One check; what it wrote is the container's own text, cleaned and cut.</summary>
internal sealed record InspectedCheck(string Start, string End, int ExitCode, string Output);

/// <summary>The driver of the layer that takes a container's writes.</summary>
internal sealed record InspectedDriver(string Name, IReadOnlyDictionary<string, string> Data);

/// <summary>A mount that was asked for; those that every container has are left out.</summary>
internal sealed record InspectedMount(
    string Type, string Name, string Source, string Destination, string Driver, string Mode, IReadOnlyList<string> Options, bool RW, string Propagation);

/// <summary>A container's network: what it is connected to while it runs; the first network's values stand at the top as well.</summary>
internal sealed record InspectedNetworks(
    string Bridge,
    string SandboxID,
    string SandboxKey,
    IReadOnlyDictionary<string, IReadOnlyList<InspectedPort>> Ports,
    string EndpointID,
    string Gateway,
    string GlobalIPv6Address,
    int GlobalIPv6PrefixLen,
    string IPAddress,
    int IPPrefixLen,
    string IPv6Gateway,
    string MacAddress,
    IReadOnlyDictionary<string, InspectedNetwork> Networks,
    InspectedEgress Egress);

/// <summary>What a container may reach by its networks, and what it was refused.</summary>
internal sealed record InspectedEgress(string Default, IReadOnlyList<string> Allow, long RefusedPackets, IReadOnlyList<InspectedRefusal> Refused);

/// <summary>A destination that a container was refused.</summary>
internal sealed record InspectedRefusal(string Address, string Port, string Protocol, long Packets);

/// <summary>One network of a container.</summary>
internal sealed record InspectedNetwork(
    string NetworkID, string EndpointID, string Gateway, string IPAddress, int IPPrefixLen, string IPv6Gateway, string GlobalIPv6Address, int GlobalIPv6PrefixLen,
    string MacAddress, IReadOnlyList<string> Aliases);

/// <summary>A port of the host that leads to one of a container.</summary>
internal sealed record InspectedPort(string HostIp, string HostPort);

/// <summary>What a container was made to run.</summary>
internal sealed record InspectedConfig
{
    public required string Hostname { get; init; }
    public required string Domainname { get; init; }
    public required string User { get; init; }
    public required bool AttachStdin { get; init; }
    public required bool AttachStdout { get; init; }
    public required bool AttachStderr { get; init; }
    public required bool Tty { get; init; }
    public required bool OpenStdin { get; init; }
    public required bool StdinOnce { get; init; }
    public required IReadOnlyList<string> Env { get; init; }
    public required IReadOnlyList<string> Cmd { get; init; }
    public required string Image { get; init; }
    public required IReadOnlyDictionary<string, JsonElement> Volumes { get; init; }
    public required string WorkingDir { get; init; }
    public required IReadOnlyList<string> Entrypoint { get; init; }
    public required IReadOnlyDictionary<string, string> Labels { get; init; }
    public required IReadOnlyDictionary<string, string> Annotations { get; init; }
    public required string StopSignal { get; init; }
    public required int StopTimeout { get; init; }
    public required long Timeout { get; init; }
    public required IReadOnlyList<string> CreateCommand { get; init; }
    public required string Umask { get; init; }
    public required string SdNotifyMode { get; init; }
    public required string SdNotifySocket { get; init; }
}

/// <summary>What a container was given of its host.</summary>
internal sealed record InspectedHost
{
    public required IReadOnlyList<string> Binds { get; init; }
    public required string CgroupMode { get; init; }
    public required string CgroupParent { get; init; }
    public required InspectedLog LogConfig { get; init; }
    public required string NetworkMode { get; init; }
    public required IReadOnlyDictionary<string, IReadOnlyList<InspectedPort>> PortBindings { get; init; }
    public required InspectedRestart RestartPolicy { get; init; }
    public required bool AutoRemove { get; init; }
    public required IReadOnlyList<string> CapAdd { get; init; }
    public required IReadOnlyList<string> CapDrop { get; init; }
    public required IReadOnlyList<string> GroupAdd { get; init; }
    public required string IpcMode { get; init; }
    public required string PidMode { get; init; }
    public required string UTSMode { get; init; }
    public required string UsernsMode { get; init; }
    public required bool Privileged { get; init; }
    public required bool PublishAllPorts { get; init; }
    public required bool ReadonlyRootfs { get; init; }
    public required IReadOnlyList<string> SecurityOpt { get; init; }
    public required IReadOnlyDictionary<string, string> Tmpfs { get; init; }
    public required long ShmSize { get; init; }
    public required string Runtime { get; init; }
    public required bool Init { get; init; }
    public required long Memory { get; init; }
    public required long MemoryReservation { get; init; }
    public required long MemorySwap { get; init; }
    public required long NanoCpus { get; init; }
    public required long CpuPeriod { get; init; }
    public required long CpuQuota { get; init; }
    public required long CpuShares { get; init; }
    public required string CpusetCpus { get; init; }
    public required string CpusetMems { get; init; }
    public required long BlkioWeight { get; init; }
    public required long PidsLimit { get; init; }
    public required long OomScoreAdj { get; init; }
    public required IReadOnlyList<InspectedLimit> Ulimits { get; init; }
    public required IReadOnlyDictionary<string, string> Sysctls { get; init; }
    public required IReadOnlyList<InspectedDevice> Devices { get; init; }
}

/// <summary>Where what a container writes to its streams goes.</summary>
internal sealed record InspectedLog(string Type, IReadOnlyDictionary<string, string> Config, string Path, string Tag, string Size);

/// <summary>Whether a container is started again.</summary>
internal sealed record InspectedRestart(string Name, int MaximumRetryCount);

/// <summary>A limit of a container's processes (setrlimit(2)).</summary>
internal sealed record InspectedLimit(string Name, ulong Soft, ulong Hard);

/// <summary>A device of the host.</summary>
internal sealed record InspectedDevice(string PathOnHost, string PathInContainer, string CgroupPermissions);

/// <summary>What docker and podman have no field for.</summary>
internal sealed record InspectedPart(
    int Version, RuntimeProgram Runtime, string StorageDriver, string RootDirectory, bool RootfsWritable, bool Foreground, JsonElement Spec);
