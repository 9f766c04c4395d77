using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation;
using Podspawn.Oci.Translation.Requests;
using Podspawn.Oci.Translation.Tmpfs;

namespace Podspawn.Oci.Verification.Expectations;

/// <summary>The expectation for a container that is about to be launched: taken from the config where that has a value, not from the translation.</summary>
internal static class PlannedExpectation
{
    // These stay writable with a read-only root, as under Docker.
    private static readonly string[] AlwaysWritable = ["/dev", "/dev/shm", "/dev/mqueue"];

    public static Expectation Of(LaunchPlan plan, TranslationResult translation)
    {
        Configuration.SecurityConfig security = plan.Config.Security;
        RuntimeSpec spec = translation.Spec;
        ResolvedConfig resolved = ResolvedConfig.Of(plan.Config, plan.Host, new Diagnostics(plan.Config));
        CapabilitySet bounding = resolved.Capabilities & plan.Driver.Traits.KnownCapabilities;
        if (plan.Request.CapabilityCeiling is { } ceiling)
            bounding &= ceiling;
        return new Expectation
        {
            Bounding = bounding,
            Effective = plan.Request.User.Uid == 0 ? bounding : CapabilitySet.Empty,
            NoNewPrivileges = security.NoNewPrivileges || plan.Request.BundleNoNewPrivileges,
            PidsLimit = Math.Max(security.PidsLimit, 0),
            CgroupPids = spec.Linux.Resources?.Pids?.Limit ?? (security.PidsLimit <= 0 && plan.Host.CgroupControllers.Contains("pids") ? -1 : null),
            ReadonlyRoot = security.ReadonlyRootfs || plan.Request.RootReadonly,
            WritableMounts = Writable(resolved, plan.Request),
            Tmpfs = [.. resolved.Tmpfs.Select(mount => Tmpfs(mount, plan))],
            Seccomp = spec.Linux.Seccomp,
            MaskedPaths = resolved.MaskedPaths,
            ReadonlyPaths = resolved.ReadonlyPaths,
            Namespaces = NamespaceNames.Of(spec),
            IsConnected = NamespaceNames.AreConnected(spec),
            Devices = AllowedDevices.Of(spec),
            HostName = plan.Request.HostName.Length == 0 ? null : plan.Request.HostName,
            Memory = plan.Config.Defaults.Memory,
            Cpus = plan.Config.Defaults.Cpus,
            Kernel = plan.Driver.Traits.Kernel,
            Runtime = $"{plan.Driver.Traits.Name} {plan.Driver.Traits.Version}",
            Uid = plan.Request.User.Uid,
            Cgroup = plan.Request.CgroupsPath,
            CgroupLayout = plan.Host.CgroupLayout,
            Controllers = plan.Host.CgroupControllers,
            MemoryOfHost = plan.Host.MemoryBytes,
            Environment = (spec.Process.Env ?? []).Select(entry => entry.Split('=', 2)[0]).ToHashSet(),
            FiltersExecutedProcesses = plan.Driver.Traits.FiltersExecutedProcesses,
            NoexecCoversMappings = plan.Driver.Traits.NoexecCoversMappings,
            Limits = LimitExpectation.Of(spec),
            Fields = translation.Fields,
            Notes = translation.Notes,
        };
    }

    // A tmpfs over a directory has the directory's mode unless another is asked for; under some runtimes it has it in any case.
    private static TmpfsExpectation Tmpfs(TmpfsMount mount, LaunchPlan plan)
    {
        var expectation = new TmpfsExpectation(mount.Path, [.. mount.Options.Select(option => option.Text)], null);
        string? asked = expectation.Value(TmpfsValues.Mode);
        bool covers = plan.Request.CoveredDirectoryModes.TryGetValue(mount.Path, out uint covered);
        return expectation with { Mode = covers && (asked is null || plan.Driver.Traits.TmpfsTakesModeOfDirectory) ? Convert.ToString(covered, 8) : asked };
    }

    private static HashSet<string> Writable(ResolvedConfig config, LaunchRequest request) =>
    [
        .. AlwaysWritable,
        .. config.Tmpfs.Where(mount => !mount.Options.Any(option => option.Text == "ro")).Select(mount => mount.Path),
        .. request.Volumes.Where(volume => !volume.ReadOnly).Select(volume => volume.Destination),
    ];
}

/// <summary>The names of a container's own namespaces as /proc/PID/ns has them (namespaces(7)).</summary>
internal static class NamespaceNames
{
    public static IReadOnlyList<string> Of(RuntimeSpec spec) =>
        [.. spec.Linux.Namespaces.Where(item => item.Path is null || IsNetwork(item)).Select(Name)];

    /// <summary>Whether its network namespace is one that was made for it, with interfaces in it.</summary>
    public static bool AreConnected(RuntimeSpec spec) => spec.Linux.Namespaces.Any(item => item.Path is not null && IsNetwork(item));

    /// <summary>Those that it joins.</summary>
    public static IReadOnlyList<string> JoinedOf(RuntimeSpec spec) => [.. spec.Linux.Namespaces.Where(item => item.Path is not null && !IsNetwork(item)).Select(Name)];

    private static bool IsNetwork(LinuxNamespace item) => item.Type == "network";

    private static string Name(LinuxNamespace item) => item.Type switch { "mount" => "mnt", "network" => "net", var same => same };
}
