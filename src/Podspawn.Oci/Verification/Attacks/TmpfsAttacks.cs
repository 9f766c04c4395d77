using System.Globalization;
using Podspawn.Oci.Verification.Expectations;

namespace Podspawn.Oci.Verification.Attacks;

/// <summary>Ways around the options of a tmpfs (mount(8), tmpfs(5)).</summary>
internal static class TmpfsAttacks
{
    /// <summary>The size limit for a tmpfs that is filled again by other means, in bytes.</summary>
    public const long LargestFill = 8 << 20;

    private const string Finding = "tmpfs";
    private static readonly string[] Forbidding = ["noexec", "nosuid", "nodev", "ro"];

    public static IReadOnlyList<Attack> Rows { get; } =
    [
        new(Finding, "loader", "a program on it, run by the dynamic loader", Executable) { Arguments = Places.Tmpfs(IsNoexec) },
        new(Finding, "map", "a file on it, mapped to be executed", Executable) { Arguments = Places.Tmpfs(IsNoexec) },
        new(Finding, "mprotect", "a mapping of a file on it, made executable later", Executable) { Arguments = Places.Tmpfs(IsNoexec) },
        new(Finding, "memfd", "a program on it, copied to memory and run there", InMemory) { Arguments = Places.Tmpfs(IsNoexec) },
        new(Finding, "remount", "a remount without its options", Leave.ToMounters) { Arguments = Places.Tmpfs(mount => Forbidding.Any(mount.Has)) },
        Filling("many_files", "many small files"),
        Filling("holes", "a sparse file, filled up by mapping and by writing"),
        Filling("links", "hard links and files without a name"),
    ];

    private static Attack Filling(string name, string about) => new(Finding, name, about, Filled)
    {
        Arguments = ground => ground.Expectation.Tmpfs.Where(mount => SizeOf(ground.Expectation, mount) is not null)
            .Select(mount => (AttackArgument)$"{SizeOf(ground.Expectation, mount)!.Value.ToString(CultureInfo.InvariantCulture)}@{mount.Path}"),
        On = Places.PathOf,
    };

    private static long? SizeOf(Expectation expectation, TmpfsExpectation mount) =>
        !mount.Has("ro") && mount.SizeInBytes(expectation.MemoryOfHost) is { } size and <= LargestFill && ProbeReach.FillOf(expectation, mount) > 0 ? size : null;

    private static bool IsNoexec(TmpfsExpectation mount) => mount.Has("noexec") && !mount.Has("ro");

    private static Verdict Executable(AttackTry tried) => !tried.Expectation.NoexecCoversMappings
        ? Verdict.Differs($"{tried.Detail}: gVisor refuses execve, and lets a file be mapped to be executed")
        : Verdict.Works(tried.Detail);

    private static Verdict InMemory(AttackTry tried) => Verdict.Told($"{tried.Detail}: what is in memory lies on no mount, and noexec says nothing of it");

    private static Verdict Filled(AttackTry tried)
    {
        if (tried.Reached is not { } bytes || !long.TryParse(tried.Argument.Split('@')[0], NumberStyles.None, CultureInfo.InvariantCulture, out long size))
            return Verdict.Works(tried.Detail);
        string end = tried.End == "ok" ? "and no end" : $"then {tried.End}";
        return bytes > size ? Verdict.Works($"{bytes} bytes, {end}: more than {size}") : Verdict.Refused($"ended at {bytes} bytes with {tried.End}");
    }
}
