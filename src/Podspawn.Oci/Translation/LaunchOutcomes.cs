using System.Globalization;
using Podspawn.Oci.Host;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Translation;

/// <summary>Reports the outcome of each resource that a launch asks for beside its config.</summary>
internal static class LaunchOutcomes
{
    private const string Resources = "/linux/resources/";

    public static IEnumerable<FieldOutcome> Of(LaunchRequest request, RuntimeSpec spec, RuntimeTraits runtime, Diagnostics diagnostics)
    {
        ResourceRequest asked = request.Resources;
        if (asked.IsEmpty)
            return [];
        LinuxResources? limits = spec.Linux.Resources;
        Enforcer process = runtime.Kernel == SystemCallHandler.Sentry ? Enforcer.Sentry : Enforcer.Kernel;
        (string Key, string? Value, bool Stands, string Path, Enforcer Enforcer)[] all =
        [
            (LaunchKeys.MemorySwap, Text(asked.MemorySwap), limits?.Memory?.Swap is not null, $"{Resources}memory/swap", Enforcer.Kernel),
            (LaunchKeys.MemoryReservation, Text(asked.MemoryReservation), limits?.Memory?.Reservation is not null, $"{Resources}memory/reservation", Enforcer.Kernel),
            (LaunchKeys.CpuShares, Text(asked.CpuShares), limits?.Cpu?.Shares is not null, $"{Resources}cpu/shares", Enforcer.Kernel),
            (LaunchKeys.CpuPeriod, Text(asked.CpuPeriod), limits?.Cpu?.Period is not null, $"{Resources}cpu/period", Enforcer.Kernel),
            (LaunchKeys.CpusetCpus, asked.CpusetCpus, limits?.Cpu?.Cpus is not null, $"{Resources}cpu/cpus", Enforcer.Kernel),
            (LaunchKeys.CpusetMems, asked.CpusetMems, limits?.Cpu?.Mems is not null, $"{Resources}cpu/mems", Enforcer.Kernel),
            (LaunchKeys.BlkioWeight, Text(asked.BlkioWeight), limits?.BlockIo is not null, $"{Resources}blockIO/weight", Enforcer.Kernel),
            (LaunchKeys.OomScoreAdj, Text(asked.OomScoreAdj), true, "/process/oomScoreAdj", Enforcer.Kernel),
            (LaunchKeys.ShmSize, Text(asked.ShmSize), true, $"/mounts/{SharedMemory(spec)}", process),
            (LaunchKeys.Ulimit, Flow(asked.Ulimits.Select(limit => $"{limit.Name}={Text(limit.Soft)}:{Text(limit.Hard)}")), true, "/process/rlimits", process),
            (LaunchKeys.Sysctl, Flow(asked.Sysctls.Select(pair => $"{pair.Key}={pair.Value}")), spec.Linux.Sysctl is not null, "/linux/sysctl", process),
            (LaunchKeys.Umask, asked.Umask is { } mask ? $"0{Convert.ToString(mask, 8)}" : null, spec.Process.User.Umask is not null, "/process/user/umask", Enforcer.Runtime),
            (LaunchKeys.Annotation, Flow(asked.Annotations.Select(pair => $"{pair.Key}={pair.Value}")), true, "/annotations", Enforcer.Nobody),
        ];
        return all.Where(one => one.Value is not null).Select(one =>
        {
            Enforcement enforcement = diagnostics.EnforcementOf(one.Key);
            return new FieldOutcome(one.Key, one.Value!, one.Stands ? [one.Path] : [], enforcement, enforcement == Enforcement.Unenforced ? Enforcer.Nobody : one.Enforcer);
        });
    }

    private static int SharedMemory(RuntimeSpec spec)
    {
        for (int i = 0; i < spec.Mounts.Count; i++)
        {
            if (spec.Mounts[i].Destination == DefaultMounts.SharedMemory)
                return i;
        }
        return 0;
    }

    private static string? Text(long? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static string Text(ulong number) => number == ulong.MaxValue ? "-1" : number.ToString(CultureInfo.InvariantCulture);

    private static string? Flow(IEnumerable<string> texts) => texts.Any() ? $"[{string.Join(", ", texts)}]" : null;
}
