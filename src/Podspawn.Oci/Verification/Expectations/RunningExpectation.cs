using System.Globalization;
using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Configuration;
using Podspawn.Oci.Host;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Verification.Expectations;

/// <summary>The expectation for a running container: from the config.json that it was launched with, which only root can have changed.</summary>
internal static class RunningExpectation
{
    private static readonly string[] DefaultTmpfs = ["/dev", "/dev/shm"];
    private static readonly string[] AlwaysWritable = ["/dev", "/dev/shm", "/dev/mqueue", "/dev/console"];

    public static Expectation Of(RuntimeSpec spec, RuntimeDriver driver, HostFacts host)
    {
        LinuxResources? limits = spec.Linux.Resources;
        bool sentry = driver.Traits.Kernel == SystemCallHandler.Sentry;
        CapabilitySet bounding = CapabilityNames.SetOf(spec.Process.Capabilities?.Bounding);
        long pids = sentry
            ? (long)(spec.Process.Rlimits?.FirstOrDefault(limit => limit.Type == PidsRules.ProcessesLimit)?.Hard ?? 0)
            : Math.Max(limits?.Pids?.Limit ?? 0, 0);
        decimal cpus = limits?.Cpu is { Quota: > 0 and var quota, Period: > 0 and var period } ? (decimal)quota / period : 0;
        return new Expectation
        {
            Bounding = bounding,
            Effective = spec.Process.User.Uid == 0 ? CapabilityNames.SetOf(spec.Process.Capabilities?.Effective) : CapabilitySet.Empty,
            NoNewPrivileges = spec.Process.NoNewPrivileges,
            PidsLimit = pids,
            CgroupPids = limits?.Pids?.Limit,
            ReadonlyRoot = spec.Root.Readonly,
            WritableMounts = new HashSet<string>([.. AlwaysWritable, .. spec.Mounts.Where(mount => mount.Options?.Contains("ro") != true).Select(mount => mount.Destination)]),
            Tmpfs = [.. Tmpfs(spec).Select(mount => new TmpfsExpectation(mount.Destination, mount.Options ?? [], null))],
            Seccomp = spec.Linux.Seccomp,
            MaskedPaths = spec.Linux.MaskedPaths ?? [],
            ReadonlyPaths = spec.Linux.ReadonlyPaths ?? [],
            Namespaces = NamespaceNames.Of(spec),
            IsConnected = NamespaceNames.AreConnected(spec),
            Joined = NamespaceNames.JoinedOf(spec),
            Devices = AllowedDevices.Of(spec),
            HostName = spec.Hostname,
            Memory = Math.Max(limits?.Memory?.Limit ?? 0, 0),
            Cpus = cpus,
            Kernel = driver.Traits.Kernel,
            Runtime = $"{driver.Traits.Name} {driver.Traits.Version}",
            Uid = spec.Process.User.Uid,
            Cgroup = spec.Linux.CgroupsPath,
            CgroupLayout = host.CgroupLayout,
            Controllers = host.CgroupControllers,
            MemoryOfHost = host.MemoryBytes,
            Limits = LimitExpectation.Of(spec),
            Fields = Fields(spec, driver, pids, cpus),
        };
    }

    private static IEnumerable<Mount> Tmpfs(RuntimeSpec spec) => spec.Mounts.Where(mount => mount.Type == "tmpfs" && !DefaultTmpfs.Contains(mount.Destination));

    private static IReadOnlyList<FieldOutcome> Fields(RuntimeSpec spec, RuntimeDriver driver, long pids, decimal cpus)
    {
        return
        [
            Field(Keys.NoNewPrivileges, spec.Process.NoNewPrivileges ? "true" : "false"),
            Field(Keys.PidsLimit, pids == 0 ? "unlimited" : pids.ToString(CultureInfo.InvariantCulture)),
            Field(Keys.ReadonlyRootfs, spec.Root.Readonly ? "true" : "false"),
            Field(Keys.Tmpfs, string.Join(' ', Tmpfs(spec).Select(mount => mount.Destination))),
            Field(Keys.Runtime, driver.Traits.Name),
            Field(Keys.Seccomp, spec.Linux.Seccomp is null ? "unconfined" : "a filter"),
            Field(Keys.MaskedPaths, string.Join(' ', spec.Linux.MaskedPaths ?? [])),
            Field(Keys.ReadonlyPaths, string.Join(' ', spec.Linux.ReadonlyPaths ?? [])),
            Field(Keys.Cpus, cpus.ToString(CultureInfo.InvariantCulture)),
            Field(Keys.Memory, (spec.Linux.Resources?.Memory?.Limit ?? 0).ToString(CultureInfo.InvariantCulture)),
        ];

        static FieldOutcome Field(string key, string value) => new(key, value, [], Enforcement.Enforced, Enforcer.Kernel);
    }
}
