using System.Globalization;
using Podspawn.Oci.Configuration;
using Podspawn.Oci.Translation.Requests;
using Podspawn.Oci.Verification.Attacks;
using Podspawn.Oci.Verification.Checks;
using Podspawn.Oci.Verification.Expectations;
using Podspawn.Oci.Verification.Observation;

namespace Podspawn.Oci.Verification.Findings;

/// <summary>Every finding, in the order of a report: one row each, from the keys of the config to the attacks.</summary>
internal static class FindingTable
{
    private static readonly ProbeTopic Mounts = new(ProbePhase.Look, "mounts");

    /// <summary>The rows.</summary>
    public static IReadOnlyList<FindingRow> Rows { get; } =
    [
        new("capabilities", [Keys.CapDrop, Keys.CapAdd], CapabilityChecks.Sets)
        {
            Asked = Capabilities,
            Topics = _ => [new(ProbePhase.Look, "capabilities")],
            Attacks = CapabilityAttacks.Rows,
        },
        new("privileged_calls", [Keys.CapDrop, Keys.CapAdd], CapabilityChecks.Calls)
        {
            Asked = Capabilities,
            Topics = _ => [new(ProbePhase.Privilege, "privileged_calls", Places.Probe)],
        },
        new("no_new_privileges", [Keys.NoNewPrivileges], PrivilegeCheck.Run)
        {
            Topics = _ => [new(ProbePhase.Look, "setuid_program", Places.SetuidCopy)],
            Attacks = PrivilegeAttacks.Rows,
        },
        new("pids_limit", [Keys.PidsLimit], Pids)
        {
            Topics = expectation => ProbeReach.TriesTasks(expectation) ? [new(ProbePhase.Count, "pids", Text(ProbeReach.TasksOf(expectation)))] : [],
            Attacks = PidsAttacks.Rows,
            AttackPhase = ProbePhase.Count,
        },
        new("readonly_rootfs", [Keys.ReadonlyRootfs], ReadonlyRootCheck.Run)
        {
            Topics = _ => [Mounts],
            Attacks = RootAttacks.Rows,
        },
        new("tmpfs", [Keys.Tmpfs], TmpfsCheck.Run)
        {
            Topics = expectation => expectation.Tmpfs.Select(mount => new ProbeTopic(ProbePhase.Fill, "tmpfs", mount.Path, Text(ProbeReach.FillOf(expectation, mount)))),
            Attacks = TmpfsAttacks.Rows,
        },
        new("runtime", [Keys.Runtime], KernelCheck.Run)
        {
            Topics = _ => [new(ProbePhase.Look, "kernel")],
        },
        new("seccomp", [Keys.Seccomp], SeccompCheck.Run)
        {
            Topics = _ => [new(ProbePhase.Change, "system_calls")],
            Attacks = SeccompAttacks.Rows,
        },
        new("masked_paths", [Keys.MaskedPaths], PathChecks.Masked)
        {
            Topics = expectation => expectation.MaskedPaths.Select(path => new ProbeTopic(ProbePhase.Look, "masked_path", path)),
            Attacks = PathAttacks.Masked,
        },
        new("readonly_paths", [Keys.ReadonlyPaths], PathChecks.Readonly)
        {
            Topics = expectation => expectation.ReadonlyPaths.Select(path => new ProbeTopic(ProbePhase.Look, "readonly_path", path)),
            Attacks = PathAttacks.Readonly,
        },
        new("namespaces", [Keys.Network], NamespaceCheck.Run)
        {
            Asked = expectation => string.Join(", ", [$"its own {string.Join(", ", expectation.Namespaces)}", .. expectation.Joined.Select(name => $"another container's {name}")]),
            Topics = _ => [new(ProbePhase.Look, "namespaces")],
            Attacks = NamespaceAttacks.Rows,
        },
        new("egress", [Keys.Egress], EgressCheck.Run)
        {
            Asked = EgressCheck.Asked,
            Topics = expectation => expectation.Ways is { } ways ? EgressCheck.Allowed(ways).Select(way => new ProbeTopic(ProbePhase.Look, "way", way.Host, Text(way.Port))) : [],
            Attacks = EgressAttacks.Rows,
        },
        new("devices", [Keys.Devices], DeviceCheck.Run)
        {
            Asked = expectation => string.Join(", ", ["no devices but null, zero, full, random, urandom, tty and pseudo-terminals", .. expectation.Devices]),
            Topics = Devices,
            Attacks = DeviceAttacks.Rows,
        },
        new("streams", [], StreamCheck.Run)
        {
            Asked = _ => "stdin, stdout and stderr that are made for it, and no descriptor more",
            Topics = _ => [new(ProbePhase.Look, "streams")],
            Attacks = StreamAttacks.Rows,
        },
        new("cpus", [Keys.Cpus], Cpus)
        {
            LaunchKeys = [LaunchKeys.CpuShares, LaunchKeys.CpuPeriod, LaunchKeys.CpusetCpus, LaunchKeys.CpusetMems],
            Attacks = ResourceAttacks.Cpus,
        },
        new("memory", [Keys.Memory], Memory)
        {
            LaunchKeys = [LaunchKeys.MemorySwap, LaunchKeys.MemoryReservation],
            Topics = expectation => ProbeReach.TriesMemory(expectation) ? [new(ProbePhase.Exhaust, "memory", Text(ProbeReach.MemoryOf(expectation)))] : [],
            Attacks = ResourceAttacks.Memory,
            AttackPhase = ProbePhase.Exhaust,
        },
        new("disks", [], CgroupLimitChecks.Disks)
        {
            LaunchKeys = [LaunchKeys.BlkioWeight],
            Asked = expectation => expectation.Limits.DiskWeight is { } weight ? $"weight {Text(weight)}" : "no weight",
        },
        new("process_limits", [], ProcessLimitChecks.Run)
        {
            LaunchKeys = [LaunchKeys.Ulimit, LaunchKeys.OomScoreAdj],
            Asked = ProcessLimitChecks.Asked,
            Topics = expectation => expectation.OnSentry ? [new(ProbePhase.Look, "process_limits")] : [],
        },
        new("sysctls", [], SysctlCheck.Run)
        {
            LaunchKeys = [LaunchKeys.Sysctl],
            Asked = expectation => expectation.Limits.Sysctls.Count == 0 ? "none" : string.Join(", ", expectation.Limits.Sysctls.Select(pair => $"{pair.Key}={pair.Value}")),
        },
        new("shared_memory", [], SharedMemoryCheck.Run)
        {
            LaunchKeys = [LaunchKeys.ShmSize],
            Asked = SharedMemoryCheck.Asked,
            Topics = expectation => SharedMemoryCheck.Fill(expectation) is > 0 and var bytes ? [new(ProbePhase.Fill, "tmpfs", LimitExpectation.SharedMemoryPath, Text(bytes))] : [],
        },
    ];

    private static void Cpus(Expectation expectation, Evidence evidence, FindingDraft draft)
    {
        ResourceChecks.Cpus(expectation, evidence, draft);
        CgroupLimitChecks.Cpus(expectation, evidence, draft);
    }

    private static void Memory(Expectation expectation, Evidence evidence, FindingDraft draft)
    {
        ResourceChecks.Memory(expectation, evidence, draft);
        CgroupLimitChecks.Memory(expectation, evidence, draft);
    }

    private static string Capabilities(Expectation expectation) =>
        expectation.Bounding.Count == 0 ? "no capability" : string.Join(' ', CapabilityChecks.Names(expectation.Bounding));

    private static void Pids(Expectation expectation, Evidence evidence, FindingDraft draft)
    {
        PidsCheck.Run(expectation, evidence, draft);
        UserIdBound.Tell(expectation, evidence, draft);
    }

    // A device may also be mounted on a file. In gVisor a device file leads to gVisor's own devices, wherever it lies.
    private static IEnumerable<ProbeTopic> Devices(Expectation expectation) => expectation.OnSentry
        ? [new(ProbePhase.Look, "devices")]
        : [Mounts, new(ProbePhase.Look, "devices"), new(ProbePhase.Look, "device_files")];

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
