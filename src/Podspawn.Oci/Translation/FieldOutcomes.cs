using System.Globalization;
using Podspawn.Oci.Configuration;
using Podspawn.Oci.Host;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Translation;

/// <summary>Reports the outcome of each field: its value, where it is in config.json, and what enforces it.</summary>
internal static class FieldOutcomes
{
    public static IReadOnlyList<FieldOutcome> Of(PodspawnConfig config, RuntimeSpec spec, RuntimeTraits runtime, Diagnostics diagnostics)
    {
        SecurityConfig security = config.Security;
        Enforcer kernel = runtime.Kernel == SystemCallHandler.Sentry ? Enforcer.Sentry : Enforcer.Kernel;
        Linux linux = spec.Linux;
        LinuxResources? limits = linux.Resources;
        return
        [
            Outcome(Keys.CapDrop, Flow(security.CapDrop), CapabilityPaths(), kernel),
            Outcome(Keys.CapAdd, Flow(security.CapAdd), CapabilityPaths(), kernel),
            Outcome(Keys.NoNewPrivileges, Text(security.NoNewPrivileges), ["/process/noNewPrivileges"], kernel),
            Outcome(Keys.PidsLimit, security.PidsLimit.ToString(CultureInfo.InvariantCulture), PidsPaths(spec), security.PidsLimit > 0 ? kernel : Enforcer.Nobody),
            Outcome(Keys.ReadonlyRootfs, Text(security.ReadonlyRootfs), ["/root/readonly"], kernel),
            Outcome(Keys.Tmpfs, Flow(security.Tmpfs), TmpfsPaths(security, spec), kernel),
            Outcome(Keys.Runtime, security.Runtime.Length == 0 ? runtime.Name : security.Runtime, [], Enforcer.Runtime),
            Outcome(Keys.Seccomp, security.Seccomp, linux.Seccomp is null ? [] : ["/linux/seccomp"], SeccompEnforcer(linux, kernel)),
            Outcome(Keys.MaskedPaths, Flow(linux.MaskedPaths ?? []), ["/linux/maskedPaths"], kernel),
            Outcome(Keys.ReadonlyPaths, Flow(linux.ReadonlyPaths ?? []), ["/linux/readonlyPaths"], kernel),
            Outcome(Keys.Devices, Flow(security.Devices), limits?.Devices is null ? [] : ["/linux/resources/devices"], kernel),
            Outcome(Keys.Network, security.Network, NetworkPaths(linux), Enforcer.Kernel),
            Outcome(Keys.Egress, EgressText(security.Egress), [], security.Egress is { Denies: true } ? Enforcer.Kernel : Enforcer.Nobody),
            Outcome(
                Keys.Cpus,
                config.Defaults.Cpus.ToString(CultureInfo.InvariantCulture),
                limits?.Cpu is null ? [] : ["/linux/resources/cpu/quota", "/linux/resources/cpu/period"],
                config.Defaults.Cpus > 0 ? Enforcer.Kernel : Enforcer.Nobody),
            Outcome(
                Keys.Memory,
                Size(config.Defaults.Memory),
                MemoryPaths(limits?.Memory),
                config.Defaults.Memory > 0 ? Enforcer.Kernel : Enforcer.Nobody),
        ];

        FieldOutcome Outcome(string key, string value, IReadOnlyList<string> paths, Enforcer enforcer)
        {
            Enforcement enforcement = diagnostics.EnforcementOf(key);
            return new FieldOutcome(key, value, paths, enforcement, enforcement == Enforcement.Unenforced ? Enforcer.Nobody : enforcer);
        }
    }

    private static string[] CapabilityPaths() =>
        ["/process/capabilities/bounding", "/process/capabilities/effective", "/process/capabilities/permitted"];

    private static List<string> PidsPaths(RuntimeSpec spec)
    {
        List<string> paths = [];
        if (spec.Linux.Resources?.Pids is not null)
            paths.Add("/linux/resources/pids/limit");
        for (int i = 0; i < spec.Process.Rlimits?.Count; i++)
        {
            if (spec.Process.Rlimits[i].Type == PidsRules.ProcessesLimit)
                paths.Add(string.Create(CultureInfo.InvariantCulture, $"/process/rlimits/{i}"));
        }

        return paths;
    }

    /// <summary>In the config's order, since a reader compares with the config.</summary>
    private static List<string> TmpfsPaths(SecurityConfig security, RuntimeSpec spec)
    {
        List<string> paths = new(security.Tmpfs.Count);
        foreach ((string path, _) in security.Tmpfs)
        {
            for (int i = 0; i < spec.Mounts.Count; i++)
            {
                if (spec.Mounts[i].Destination == path)
                    paths.Add(string.Create(CultureInfo.InvariantCulture, $"/mounts/{i}"));
            }
        }

        return paths;
    }

    private static string EgressText(EgressConfig? egress) => egress is not { Denies: true } ? EgressConfig.Any
        : egress.Allow.Count == 0 ? EgressConfig.Deny : $"{EgressConfig.Deny} but {Flow(egress.Allow)}";

    private static string[] NetworkPaths(Linux linux)
    {
        for (int i = 0; i < linux.Namespaces.Count; i++)
        {
            if (linux.Namespaces[i].Type == "network")
                return [string.Create(CultureInfo.InvariantCulture, $"/linux/namespaces/{i}")];
        }
        return [];
    }

    private static string[] MemoryPaths(MemoryLimits? memory) => memory switch
    {
        null => [],
        { Swap: null } => ["/linux/resources/memory/limit"],
        _ => ["/linux/resources/memory/limit", "/linux/resources/memory/swap"],
    };

    private static Enforcer SeccompEnforcer(Linux linux, Enforcer kernel) =>
        linux.Seccomp is null ? Enforcer.Nobody : kernel;

    private static string Text(bool value) => value ? "true" : "false";

    private static string Flow(IReadOnlyList<string> list) => $"[{string.Join(", ", list)}]";

    private static string Flow(IReadOnlyList<KeyValuePair<string, string>> map)
    {
        List<string> pairs = new(map.Count);
        foreach ((string path, string options) in map)
            pairs.Add($"{path}: \"{options}\"");
        return $"{{{string.Join(", ", pairs)}}}";
    }

    private static string Size(long bytes)
    {
        ReadOnlySpan<char> units = ['g', 'm', 'k'];
        for (int i = 0; i < units.Length; i++)
        {
            int shift = 30 - (10 * i);
            if (bytes > 0 && bytes % (1L << shift) == 0)
                return string.Create(CultureInfo.InvariantCulture, $"{bytes >> shift}{units[i]}");
        }

        return bytes.ToString(CultureInfo.InvariantCulture);
    }
}
