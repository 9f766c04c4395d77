using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Configuration;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Lifecycle.Updating;

/// <summary>New limits for an existing container, by the rules of a launch. Pure.</summary>
/// <param name="Spec">Its config.json with the new limits.</param>
/// <param name="Change">The settings for its cgroup: only those that change, and no limit is written out explicitly.</param>
/// <param name="Undo">The current values of these settings.</param>
/// <param name="Notes">Notes on them for the user.</param>
internal sealed record ResourceUpdate(RuntimeSpec Spec, LinuxResources Change, LinuxResources Undo, IReadOnlyList<Note> Notes)
{
    /// <summary>Computes the update.</summary>
    /// <exception cref="ConfigException">A text is not a value.</exception>
    /// <exception cref="TranslationException">A value is out of its range, or cannot be enforced here.</exception>
    internal static ResourceUpdate Of(RuntimeSpec spec, string containerId, UpdateRequest wish, HostFacts host, RuntimeTraits runtime)
    {
        LinuxResources before = spec.Linux.Resources ?? new LinuxResources(), after = before, change = new(), undo = new();
        PodspawnConfig config = new ConfigOverrides
        {
            PidsLimit = wish.PidsLimit,
            Memory = wish.Memory,
            Cpus = wish.Cpus,
            CpuQuota = wish.CpuQuota,
            // A quota by itself is for the current period.
            CpuPeriod = wish.Resources.CpuPeriod ?? (wish.CpuQuota is null ? null : (long?)before.Cpu?.Period),
        }.ApplyTo(CurrentLimits.ConfigOf(before));
        var diagnostics = new Diagnostics(config);
        LaunchRequest request = new()
        {
            ContainerId = containerId,
            Arguments = spec.Process.Args,
            HostName = spec.Hostname ?? "",
            RootPath = spec.Root.Path,
            Resources = CurrentLimits.RequestOf(before, wish),
        };
        IReadOnlyList<Rlimit>? rlimits = spec.Process.Rlimits;
        if (wish.PidsLimit is { } pids)
        {
            PidsRules.Check(pids, diagnostics);
            (PidsLimits? cgroup, Rlimit? processes) = PidsRules.Translate(pids, CapabilityNames.SetOf(spec.Process.Capabilities?.Bounding), request, host, runtime, diagnostics);
            after = after with { Pids = cgroup };
            rlimits = [.. (rlimits ?? []).Where(limit => limit.Type != PidsRules.ProcessesLimit), .. processes is null ? Array.Empty<Rlimit>() : [processes]];
            (change, undo) = (change with { Pids = CgroupText.Of(cgroup) }, undo with { Pids = CgroupText.Of(before.Pids) });
        }
        if (wish.ChangesMemory)
        {
            MemoryRules.Check(config.Defaults.Memory, diagnostics);
            after = after with { Memory = MemoryRules.Translate(config.Defaults.Memory, request, host, runtime, diagnostics) };
            (change, undo) = (change with { Memory = CgroupText.Of(after.Memory, wish, host) }, undo with { Memory = CgroupText.Of(before.Memory, wish, host) });
        }
        if (wish.ChangesCpus)
        {
            CpuRules.Check(config.Defaults.Cpus, diagnostics);
            CpuLimits? cpu = CpuRules.Translate(config.Defaults.Cpus, request, host, diagnostics);
            // What the cgroup cannot be told is written to config.json too, so that a later comparison of the two finds no difference.
            if (cpu?.Quota is null && wish.ChangesQuota && !runtime.TakesUnlimitedCpus)
                cpu = (cpu ?? new CpuLimits()) with { Quota = CpuRules.Greatest.Quota, Period = CpuRules.Greatest.Period };
            after = after with { Cpu = cpu };
            (change, undo) = (change with { Cpu = CgroupText.Of(cpu, wish, runtime) }, undo with { Cpu = CgroupText.Of(before.Cpu, wish, runtime) });
        }
        if (wish.Resources.BlkioWeight is not null)
        {
            after = after with { BlockIo = BlockIoRules.Translate(request, host, runtime, diagnostics) };
            (change, undo) = (change with { BlockIo = after.BlockIo }, undo with { BlockIo = before.BlockIo });
        }
        if (diagnostics.HasProblems)
            throw new TranslationException(diagnostics.Problems());
        RuntimeSpec changed = spec with { Process = spec.Process with { Rlimits = rlimits }, Linux = spec.Linux with { Resources = after } };
        return new ResourceUpdate(changed, change, undo, diagnostics.Notes());
    }
}
