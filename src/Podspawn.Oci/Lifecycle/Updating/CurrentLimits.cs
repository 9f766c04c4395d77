using Podspawn.Oci.Configuration;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Lifecycle.Updating;

/// <summary>A container's limits, as a launch would have asked for them: what an update leaves as it is counts when the rest is judged.</summary>
internal static class CurrentLimits
{
    /// <summary>The limits that a config holds.</summary>
    internal static PodspawnConfig ConfigOf(LinuxResources limits)
    {
        PodspawnConfig config = PodspawnConfig.BuiltIn;
        return config with
        {
            Defaults = config.Defaults with
            {
                Cpus = QuantityText.Processors(limits.Cpu?.Quota ?? 0, (long?)limits.Cpu?.Period),
                Memory = limits.Memory?.Limit is > 0 and var memory ? memory : 0,
            },
        };
    }

    /// <summary>What the update asks for, and beside it what stays.</summary>
    internal static ResourceRequest RequestOf(LinuxResources limits, UpdateRequest wish)
    {
        ResourceRequest asked = wish.Resources.Read();
        return asked with
        {
            // As under docker, new memory brings its own swap, where none is asked for.
            MemorySwap = asked.MemorySwap ?? (wish.Memory is null && limits.Memory?.Limit is > 0 ? limits.Memory?.Swap : null),
            MemoryReservation = asked.MemoryReservation ?? limits.Memory?.Reservation,
            CpuShares = asked.CpuShares ?? (long?)limits.Cpu?.Shares,
            CpuPeriod = asked.CpuPeriod ?? (long?)limits.Cpu?.Period,
            CpusetCpus = asked.CpusetCpus ?? limits.Cpu?.Cpus,
            CpusetMems = asked.CpusetMems ?? limits.Cpu?.Mems,
        };
    }

    /// <summary>What the record of a container holds after an update.</summary>
    internal static ResourceRequest RecordOf(ResourceRequest recorded, UpdateRequest wish)
    {
        ResourceRequest asked = wish.Resources.Read();
        return recorded with
        {
            MemorySwap = asked.MemorySwap ?? (wish.Memory is null ? recorded.MemorySwap : null),
            MemoryReservation = asked.MemoryReservation ?? recorded.MemoryReservation,
            CpuShares = asked.CpuShares ?? recorded.CpuShares,
            CpuPeriod = asked.CpuPeriod ?? recorded.CpuPeriod,
            CpusetCpus = asked.CpusetCpus ?? recorded.CpusetCpus,
            CpusetMems = asked.CpusetMems ?? recorded.CpusetMems,
            BlkioWeight = asked.BlkioWeight ?? recorded.BlkioWeight,
        };
    }
}
