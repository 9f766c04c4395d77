using System.CommandLine;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary>Docker's flags for what a container may take of its host: those of <c>update</c>, and with them those that only a launch has.</summary>
internal sealed class ResourceFlags
{
    private readonly Option<string?> memorySwap = new("--memory-swap") { HelpName = "SIZE", Description = "Memory and swap together; -1 for unlimited swap" };
    private readonly Option<string?> memoryReservation = new("--memory-reservation") { HelpName = "SIZE", Description = "The memory that the kernel tries to leave to it" };
    private readonly Option<long?> cpuShares = new("--cpu-shares", "-c") { HelpName = "N", Description = "Its weight at the processors against others; 1024 is usual" };
    private readonly Option<long?> cpuPeriod = new("--cpu-period") { HelpName = "N", Description = "The period of its quota on processors, in microseconds" };
    private readonly Option<long?> cpuQuota = new("--cpu-quota") { HelpName = "N", Description = "Its quota on processors in each period, in microseconds; in place of --cpus" };
    private readonly Option<string?> cpusetCpus = new("--cpuset-cpus") { HelpName = "LIST", Description = "The processors that it may use, such as 0-2,4" };
    private readonly Option<string?> cpusetMems = new("--cpuset-mems") { HelpName = "LIST", Description = "The memory nodes that it may use" };
    private readonly Option<long?> blkioWeight = new("--blkio-weight") { HelpName = "N", Description = "Its weight at the disks against others, from 10 to 1000" };
    private readonly Option<long?> oomScoreAdj = new("--oom-score-adj") { HelpName = "N", Description = "How soon the kernel kills it when memory runs out, from -1000 to 1000" };
    private readonly Option<string?> shmSize = new("--shm-size") { HelpName = "SIZE", Description = "The size of /dev/shm (default: 64m)" };
    private readonly Option<string[]> ulimit = Flag.List("--ulimit", "NAME=SOFT[:HARD]", "Set a resource limit, such as nofile=1024:2048");
    private readonly Option<string[]> sysctl = Flag.List("--sysctl", "KEY=VALUE", "Set a kernel parameter of the container's own namespaces");
    private readonly Option<string?> umask = new("--umask") { HelpName = "MASK", Description = "The file mode creation mask inside (default: 0022)" };
    private readonly Option<string[]> annotation = Flag.List("--annotation", "KEY=VALUE", "Write an annotation into config.json");

    private readonly Option<string?> kernelMemory = new("--kernel-memory") { HelpName = "SIZE", Description = "Accepted, and does nothing: kernels have no such limit any more" };

    /// <summary>Adds the flags that a container can be given at any time.</summary>
    internal void AddLimits(Command verb)
    {
        foreach (Option option in new Option[] { memorySwap, memoryReservation, cpuShares, cpuPeriod, cpuQuota, cpusetCpus, cpusetMems, blkioWeight })
            verb.Options.Add(option);
    }

    /// <summary>Adds all flags.</summary>
    internal void AddTo(Command verb)
    {
        AddLimits(verb);
        foreach (Option option in new Option[] { oomScoreAdj, shmSize, ulimit, sysctl, umask, annotation, kernelMemory })
            verb.Options.Add(option);
    }

    /// <summary>The quota; null where it was not given.</summary>
    internal long? Quota(ParseResult parsed) => parsed.GetValue(cpuQuota);

    /// <summary>Reads the flags.</summary>
    internal ResourceOptions Read(ParseResult parsed)
    {
        if (parsed.GetValue(kernelMemory) is not null)
            Failures.Warn("The --kernel-memory flag is no longer supported. This flag is a noop.");
        return ReadLimits(parsed) with
        {
            OomScoreAdj = parsed.GetValue(oomScoreAdj),
            ShmSize = parsed.GetValue(shmSize),
            Ulimits = parsed.GetValue(ulimit) ?? [],
            Sysctls = parsed.GetValue(sysctl) ?? [],
            Umask = parsed.GetValue(umask),
            Annotations = parsed.GetValue(annotation) ?? [],
        };
    }

    /// <summary>Reads the flags of <see cref="AddLimits"/>.</summary>
    internal ResourceOptions ReadLimits(ParseResult parsed) => new()
    {
        MemorySwap = parsed.GetValue(memorySwap),
        MemoryReservation = parsed.GetValue(memoryReservation),
        CpuShares = parsed.GetValue(cpuShares),
        CpuPeriod = parsed.GetValue(cpuPeriod),
        CpusetCpus = parsed.GetValue(cpusetCpus),
        CpusetMems = parsed.GetValue(cpusetMems),
        BlkioWeight = parsed.GetValue(blkioWeight),
    };
}
