using System.Globalization;
using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Verification.Wishes;

namespace Podspawn.Oci.Verification.Attacks;

/// <summary>Ways to more memory or processor time than the limit (cgroups(7)).</summary>
internal static class ResourceAttacks
{
    // A quota is handed out in periods of 100 ms, and 400 ms of measuring may begin and end within one; on a busy host a sandbox's clock counts more than ran.
    private const decimal Factor = 2;
    private const decimal Slack = 0.1m;
    private const int Thousandths = 1000;

    // What nearly ends the container comes last.
    public static IReadOnlyList<Attack> Rows { get; } =
    [
        new("cpus", "cgroup", "the cgroup tree, to write to it", Written) { Arguments = WithCpus },
        new("cpus", "realtime", "realtime scheduling", Realtime) { Arguments = WithCpus },
        new("cpus", "many", "more busy processes than processors", Busy)
        {
            Arguments = ground => ground.Wish.Cpus > 0 ? [((long)(ground.Wish.Cpus * Thousandths)).ToString(CultureInfo.InvariantCulture)] : [],
            On = _ => null,
        },
        new("memory", "cgroup", "the cgroup tree, to write to it", Written) { Arguments = ground => ground.Wish.Memory > 0 ? [Attack.NoArgument] : [] },
        Taking("pipes", "full pipes", bytes => bytes),
        Taking("shared_memory", "shared memory", bytes => bytes),
        Taking("tmpfs", "a file without a name on a tmpfs", bytes => $"{bytes}@{Places.Volume}"),
        Taking("sysv", "a System V segment", bytes => bytes),
        Taking("page_cache", "what the kernel keeps of a file", bytes => bytes),
    ];

    private static Attack Taking(string name, string about, Func<string, string> argument) => new("memory", name, about, Taken)
    {
        Arguments = ground => ProbeReach.TriesMemory(ground.Wish) ? [argument(ProbeReach.MemoryOf(ground.Wish).ToString(CultureInfo.InvariantCulture))] : [],
        On = _ => null,
    };

    private static IEnumerable<AttackArgument> WithCpus(AttackGround ground) => ground.Wish.Cpus > 0 ? [Attack.NoArgument] : [];

    // The limit is that of the host's cgroup, which the Sentry's own files are not.
    private static Verdict Written(AttackTry tried) => tried.Wish.OnSentry ? Verdict.Told($"{tried.Detail}: gVisor's own files, which reach no limit of the host's") : Leave.ToMounters(tried);

    private static Verdict Realtime(AttackTry tried)
    {
        if (tried.Wish.OnSentry)
            return Verdict.Told($"{tried.Detail}: gVisor's own scheduling, which the host's does not follow");
        return tried.Wish.Effective.Contains(Capability.SysNice) ? Verdict.Granted($"{tried.Detail}: SYS_NICE is granted") : Verdict.Works(tried.Detail);
    }

    private static Verdict Busy(AttackTry tried)
    {
        if (tried.Reached is not { } thousandths)
            return Verdict.Works(tried.Detail);
        string found = ((decimal)thousandths / Thousandths).ToString("0.00", CultureInfo.InvariantCulture);
        return thousandths > ((tried.Wish.Cpus * Factor) + Slack) * Thousandths
            ? Verdict.Works($"{found} processors' time: more than {tried.Wish.Cpus.ToString(CultureInfo.InvariantCulture)}")
            : Verdict.Refused($"{found} processors' time");
    }

    private static Verdict Taken(AttackTry tried)
    {
        if (tried.Reached is not { } bytes)
            return Verdict.Works(tried.Detail);
        return bytes > tried.Wish.Memory ? Verdict.Works($"{bytes} bytes ({tried.End}): more than {tried.Wish.Memory}") : Verdict.Refused($"ended at {bytes} bytes with {tried.End}");
    }
}
