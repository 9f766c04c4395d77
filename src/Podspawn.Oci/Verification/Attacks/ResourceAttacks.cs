using System.Globalization;
using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Verification.Expectations;

namespace Podspawn.Oci.Verification.Attacks;

/// <summary>Ways to more memory or processor time than the limit (cgroups(7)).</summary>
internal static class ResourceAttacks
{
    // The kernel grants a quota in periods of 100 ms, and the 400 ms of the measurement may begin and end within one; on a busy host a sandbox's clock counts more than it ran.
    private const decimal Factor = 2;
    private const decimal Slack = 0.1m;
    private const int Thousandths = 1000;

    public static IReadOnlyList<Attack> Cpus { get; } =
    [
        new("cpus", "cgroup", "the cgroup tree, to write to it", Written) { Arguments = WithCpus },
        new("cpus", "realtime", "realtime scheduling", Realtime) { Arguments = WithCpus },
        new("cpus", "many", "more busy processes than processors", Busy)
        {
            Arguments = ground => ground.Expectation.Cpus > 0 ? [((long)(ground.Expectation.Cpus * Thousandths)).ToString(CultureInfo.InvariantCulture)] : [],
            On = _ => null,
        },
    ];

    // Attacks that nearly end the container come last.
    public static IReadOnlyList<Attack> Memory { get; } =
    [
        new("memory", "cgroup", "the cgroup tree, to write to it", Written) { Arguments = ground => ground.Expectation.Memory > 0 ? [Attack.NoArgument] : [] },
        Taking("pipes", "full pipes", bytes => bytes),
        Taking("shared_memory", "shared memory", bytes => bytes),
        Taking("tmpfs", "a file without a name on a tmpfs", bytes => $"{bytes}@{Places.Volume}"),
        Taking("sysv", "a System V segment", bytes => bytes),
        Taking("page_cache", "the page cache of a file", bytes => bytes),
    ];

    private static Attack Taking(string name, string about, Func<string, string> argument) => new("memory", name, about, Taken)
    {
        Arguments = ground => ProbeReach.TriesMemory(ground.Expectation) ? [argument(ProbeReach.MemoryOf(ground.Expectation).ToString(CultureInfo.InvariantCulture))] : [],
        On = _ => null,
    };

    private static IEnumerable<AttackArgument> WithCpus(AttackGround ground) => ground.Expectation.Cpus > 0 ? [Attack.NoArgument] : [];

    // The limit is that of the host's cgroup, which the Sentry's own files do not control.
    private static Verdict Written(AttackTry tried) =>
        tried.Expectation.OnSentry ? Verdict.Told($"{tried.Detail}: gVisor's own files, which reach no limit of the host's") : Leave.ToMounters(tried);

    private static Verdict Realtime(AttackTry tried)
    {
        if (tried.Expectation.OnSentry)
            return Verdict.Told($"{tried.Detail}: gVisor's own scheduling, which the host's does not follow");
        return tried.Expectation.Effective.Contains(Capability.SysNice) ? Verdict.Granted($"{tried.Detail}: SYS_NICE is granted") : Verdict.Works(tried.Detail);
    }

    private static Verdict Busy(AttackTry tried)
    {
        if (tried.Reached is not { } thousandths)
            return Verdict.Works(tried.Detail);
        string found = ((decimal)thousandths / Thousandths).ToString("0.00", CultureInfo.InvariantCulture);
        return thousandths > ((tried.Expectation.Cpus * Factor) + Slack) * Thousandths
            ? Verdict.Works($"{found} processors' time: more than {tried.Expectation.Cpus.ToString(CultureInfo.InvariantCulture)}")
            : Verdict.Refused($"{found} processors' time");
    }

    private static Verdict Taken(AttackTry tried)
    {
        if (tried.Reached is not { } bytes)
            return Verdict.Works(tried.Detail);
        return bytes > tried.Expectation.Memory ? Verdict.Works($"{bytes} bytes ({tried.End}): more than {tried.Expectation.Memory}")
            : Verdict.Refused($"ended at {bytes} bytes with {tried.End}");
    }
}
