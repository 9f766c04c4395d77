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
    private const long Unlimited = -1;

    /// <summary>Computes the update.</summary>
    /// <exception cref="ConfigException">A text is not a value.</exception>
    /// <exception cref="TranslationException">A value is out of its range, or cannot be enforced here.</exception>
    internal static ResourceUpdate Of(RuntimeSpec spec, string containerId, UpdateRequest wish, HostFacts host, RuntimeTraits runtime)
    {
        PodspawnConfig config = new ConfigOverrides { PidsLimit = wish.PidsLimit, Memory = wish.Memory, Cpus = wish.Cpus }.ApplyTo(PodspawnConfig.BuiltIn);
        var diagnostics = new Diagnostics(config);
        LaunchRequest request = new() { ContainerId = containerId, Arguments = spec.Process.Args, HostName = spec.Hostname ?? "", RootPath = spec.Root.Path };
        LinuxResources before = spec.Linux.Resources ?? new LinuxResources(), after = before, change = new(), undo = new();
        IReadOnlyList<Rlimit>? rlimits = spec.Process.Rlimits;
        if (wish.PidsLimit is { } pids)
        {
            PidsRules.Check(pids, diagnostics);
            (PidsLimits? cgroup, Rlimit? processes) = PidsRules.Translate(pids, CapabilityNames.SetOf(spec.Process.Capabilities?.Bounding), request, host, runtime, diagnostics);
            after = after with { Pids = cgroup };
            rlimits = [.. (rlimits ?? []).Where(limit => limit.Type != PidsRules.ProcessesLimit), .. processes is null ? Array.Empty<Rlimit>() : [processes]];
            (change, undo) = (change with { Pids = Said(cgroup) }, undo with { Pids = Said(before.Pids) });
        }
        if (wish.Memory is not null)
        {
            MemoryRules.Check(config.Defaults.Memory, diagnostics);
            after = after with { Memory = MemoryRules.Translate(config.Defaults.Memory, request, host, runtime, diagnostics) };
            (change, undo) = (change with { Memory = Said(after.Memory, host) }, undo with { Memory = Said(before.Memory, host) });
        }
        if (wish.Cpus is not null)
        {
            CpuRules.Check(config.Defaults.Cpus, diagnostics);
            CpuLimits? cpu = CpuRules.Translate(config.Defaults.Cpus, request, host, diagnostics);
            // What the cgroup cannot be told is written to config.json too, so that a later comparison of the two finds no difference.
            after = after with { Cpu = cpu is null && !runtime.TakesUnlimitedCpus ? CpuRules.Greatest : cpu };
            (change, undo) = (change with { Cpu = Said(after.Cpu, runtime) }, undo with { Cpu = Said(before.Cpu, runtime) });
        }
        if (diagnostics.HasProblems)
            throw new TranslationException(diagnostics.Problems());
        RuntimeSpec changed = spec with { Process = spec.Process with { Rlimits = rlimits }, Linux = spec.Linux with { Resources = after } };
        return new ResourceUpdate(changed, change, undo, diagnostics.Notes());
    }

    // For a runtime that does not accept -1, the limit is the most tasks that the kernel can have, which has the same effect.
    private static PidsLimits Said(PidsLimits? limit) => limit ?? new PidsLimits(PidsRules.KernelMaximum);

    private static MemoryLimits Said(MemoryLimits? limit, HostFacts host) => limit ?? new MemoryLimits(Unlimited, host.SwapAccounting ? Unlimited : null);

    private static CpuLimits Said(CpuLimits? limit, RuntimeTraits runtime) =>
        limit ?? (runtime.TakesUnlimitedCpus ? CpuRules.Greatest with { Quota = Unlimited } : CpuRules.Greatest);
}
