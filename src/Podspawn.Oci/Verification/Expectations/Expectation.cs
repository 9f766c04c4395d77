using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Host;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation;
using Podspawn.Oci.Translation.Requests;
using Podspawn.Oci.Translation.Tmpfs;

namespace Podspawn.Oci.Verification.Expectations;

/// <summary>What was asked of a container, as far as it can be checked. The checks read nothing else of what was asked for.</summary>
internal sealed record Expectation
{
    /// <summary>The bounding set.</summary>
    public required CapabilitySet Bounding { get; init; }

    /// <summary>The permitted and the effective set: empty for a user other than root (capabilities(7)).</summary>
    public required CapabilitySet Effective { get; init; }

    /// <summary>Whether execve may grant nothing.</summary>
    public required bool NoNewPrivileges { get; init; }

    /// <summary>The largest number of tasks; 0 for unlimited.</summary>
    public required long PidsLimit { get; init; }

    /// <summary>The cgroup's limit, which may only back up another limit; null for none.</summary>
    public required long? CgroupPids { get; init; }

    /// <summary>Whether the root filesystem is read-only.</summary>
    public required bool ReadonlyRoot { get; init; }

    /// <summary>Mount points that stay writable when the root is read-only.</summary>
    public required IReadOnlySet<string> WritableMounts { get; init; }

    /// <summary>The tmpfs mounts.</summary>
    public required IReadOnlyList<TmpfsExpectation> Tmpfs { get; init; }

    /// <summary>The filter; null for none.</summary>
    public required LinuxSeccomp? Seccomp { get; init; }

    /// <summary>The masked paths.</summary>
    public required IReadOnlyList<string> MaskedPaths { get; init; }

    /// <summary>The read-only paths.</summary>
    public required IReadOnlyList<string> ReadonlyPaths { get; init; }

    /// <summary>The container's own namespaces, by the names of /proc/PID/ns.</summary>
    public required IReadOnlyList<string> Namespaces { get; init; }

    /// <summary>The namespaces of another container that it joins, by the same names.</summary>
    public IReadOnlyList<string> Joined { get; init; } = [];

    /// <summary>Whether it is on a network: its network namespace has more than the loopback device.</summary>
    public bool IsConnected { get; init; }

    /// <summary>What it may reach by its networks, rule by rule; null for everything.</summary>
    public IReadOnlyList<string>? Egress { get; init; }

    /// <summary>What answers on its network while it is verified; null for nothing.</summary>
    public EgressWays? Ways { get; init; }

    /// <summary>Devices of the host that it may open beside the usual ones, as the device controller writes them: <c>c 10:229 rw</c>.</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];

    /// <summary>The host name inside; null for the host's.</summary>
    public required string? HostName { get; init; }

    /// <summary>Bytes; 0 for unlimited.</summary>
    public required long Memory { get; init; }

    /// <summary>Processors; 0 for unlimited.</summary>
    public required decimal Cpus { get; init; }

    /// <summary>The kernel that answers its system calls.</summary>
    public required SystemCallHandler Kernel { get; init; }

    /// <summary>The runtime's name and version.</summary>
    public required string Runtime { get; init; }

    /// <summary>The user that its process runs as.</summary>
    public required uint Uid { get; init; }

    /// <summary>The cgroup's path below each hierarchy; null where the host has none.</summary>
    public required string? Cgroup { get; init; }

    /// <summary>The host's cgroup layout.</summary>
    public required CgroupLayout CgroupLayout { get; init; }

    /// <summary>The cgroup controllers that the host has.</summary>
    public required IReadOnlySet<string> Controllers { get; init; }

    /// <summary>Physical memory of the host in bytes.</summary>
    public required long MemoryOfHost { get; init; }

    /// <summary>The limits beside the config's.</summary>
    public LimitExpectation Limits { get; init; } = LimitExpectation.None;

    /// <summary>The outcome of each key.</summary>
    public IReadOnlyList<FieldOutcome> Fields { get; init; } = [];

    /// <summary>The notes of the translation.</summary>
    public IReadOnlyList<Note> Notes { get; init; } = [];

    /// <summary>The names of the environment variables for its process.</summary>
    public IReadOnlySet<string> Environment { get; init; } = new HashSet<string>();

    /// <summary>Whether the filter also applies to processes that <c>exec</c> starts.</summary>
    public bool FiltersExecutedProcesses { get; init; } = true;

    /// <summary>Whether <c>noexec</c> also refuses a mapping for execution.</summary>
    public bool NoexecCoversMappings { get; init; } = true;

    /// <summary>Whether gVisor's Sentry runs the container.</summary>
    public bool OnSentry => Kernel == SystemCallHandler.Sentry;

    /// <summary>The value of a key, as a reader would write it.</summary>
    public string ValueOf(string key) => Fields.FirstOrDefault(field => field.Key == key)?.Value ?? "";
}

/// <summary>A tmpfs mount that was asked for.</summary>
/// <param name="Path">The mount point.</param>
/// <param name="Options">Mount options, only the last of each group: <c>noexec</c>, <c>size=64m</c>.</param>
/// <param name="Mode">Its permission bits in octal; null for any.</param>
internal sealed record TmpfsExpectation(string Path, IReadOnlyList<string> Options, string? Mode)
{
    /// <summary>Whether the options contain an option.</summary>
    public bool Has(string option) => Options.Contains(option);

    /// <summary>The text after the equals sign; null where there is no such option.</summary>
    public string? Value(string key) => Options.LastOrDefault(option => option.StartsWith($"{key}=", StringComparison.Ordinal))?[(key.Length + 1)..];

    /// <summary>The size in bytes, in whole pages, as the kernel rounds it (tmpfs(5)); null for no limit.</summary>
    public long? SizeInBytes(long memoryOfHost)
    {
        const int Page = 4096;
        if (Value(TmpfsValues.Size) is not { } text || !TmpfsValues.TryParseSize(text, out long number, out bool percent) || number == 0)
            return null;
        long bytes = percent ? (long)((Int128)memoryOfHost * number / 100) : number;
        return (bytes + Page - 1) / Page * Page;
    }
}
