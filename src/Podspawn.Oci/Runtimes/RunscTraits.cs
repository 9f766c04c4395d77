using Podspawn.Oci.Capabilities;

namespace Podspawn.Oci.Runtimes;

/// <summary>How gVisor's releases behave. Taken from its sources, where no other source is given; a release is the first that has a change.</summary>
internal static class RunscTraits
{
    internal static TraitTable Table { get; } = new(
        Newest: "release-20260817.0-70",
        FirstWithFeatures: "20260511",
        [
            // A detached run leaves the Sentry, which reports a signal and the exit status 128 + n alike.
            new(null, null, traits => traits with { LeavesContainerProcess = false, StayingExecTakesTerminal = false }),
            new(null, null, traits => traits with { LowPortsNeedCapability = false }),
            // Its kill has a table of signals, which ends with SIGSYS.
            new(null, null, traits => traits with { SendsRealTimeSignals = false }),
            new(null, "20230227", traits => traits with { KnownCapabilities = CapabilitySet.UpTo((int)Capability.AuditRead) }),
            new(null, "20240325", traits => traits with { OtherUsersKeepCapabilities = true }),
            new(null, "20260427", traits => traits with { DeviceNodesNeedCapability = false }),
            new(null, "20260615", traits => traits with { HasAmbientCapabilities = false }),
            new(null, "20251215", traits => traits with { RawSocketsNeedRootCapability = false }),
            new("20260112", null, traits => traits with { UserNamespacesNeedPrivilege = true }),

            new(null, "20260330", traits => traits with { FiltersExecutedProcesses = false }),

            new(null, "20250820", traits => traits with { HonoursNoNewPrivileges = false, HonoursNosuid = false }),
            new("20240318", "20250820", traits => traits with { FileCapabilitiesPassNoNewPrivileges = true }),
            new("20250820", null, traits => traits with { SetUserIdBitsNeedFlag = true }),

            new(null, "20250203", traits => traits with { NoexecCoversMappings = false }),

            // Earlier releases had another flag for it, which was off.
            new("20221205", null, traits => traits with { OverlaysRoot = true }),

            // Measured with the ptrace platform on two cores: 26 host tasks when idle, 5 more for each sleeping process, but 52 each for a
            // hundred busy ones and 77 each for two hundred.
            new(null, "20230621", traits => traits with { SandboxBaseTasks = 32, HostTasksPerTask = 256 }),
            // Measured with systrap on two cores: 23 when idle, 2 more for each sleeping process, 3 for each busy one. Each process has at most one
            // stub for each processor plus one more; each of its tasks may hold a thread of the Sentry.
            new("20230621", null, traits => traits with { SandboxBaseTasks = 32, HostTasksPerTask = 4, HostTasksPerTaskAndProcessor = 1 }),

            // Earlier releases did not put a later process into an existing scope.
            new(null, "20251103", traits => traits with { SystemdCgroups = false }),
            new(null, null, traits => traits with { SystemdCgroupsOnVersion1 = false }),

            // It writes blkio.weight of version 1 alone.
            new(null, null, traits => traits with { FindsBfqWeightOfVersion1 = false }),

            new(null, "20260202", traits => traits with { CanUpdate = false }),
            // The limit that counts there is the Sentry's RLIMIT_NPROC, which the verb does not change.
            new(null, null, traits => traits with { CanUpdatePids = false }),
        ]);
}
