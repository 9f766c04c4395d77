using Podspawn.Oci.Verification.Expectations;

namespace Podspawn.Oci.Verification.Attacks;

/// <summary>Directories to try attacks in.</summary>
internal static class Places
{
    /// <summary>Where the container finds the probe.</summary>
    public const string Probe = "/.podspawn-oci-probe";

    /// <summary>The copy of the probe that belongs to a stranger and has the set-user-id bit.</summary>
    public const string SetuidCopy = $"{Probe}/setuid-probe";

    /// <summary>Where a volume lies that forbids nothing.</summary>
    public const string Volume = $"{Probe}/volume";

    /// <summary>The device file on it: c 10:229, which the rules for devices deny to every container.</summary>
    public const string Device = $"{Volume}/device";

    /// <summary>Where a program may be put: a volume that forbids nothing, a tmpfs of the config's, and the root where it may be written to.</summary>
    public static IEnumerable<AttackArgument> ForPrograms(AttackGround ground)
    {
        yield return Places.Volume;
        if (ground.Expectation.Tmpfs.FirstOrDefault(mount => !mount.Has("ro")) is { } tmpfs)
            yield return tmpfs.Path;
        if (!ground.Expectation.ReadonlyRoot)
            yield return "/";
    }

    /// <summary>Every tmpfs that was asked for and fulfils a condition.</summary>
    public static Func<AttackGround, IEnumerable<AttackArgument>> Tmpfs(Func<TmpfsExpectation, bool> condition) =>
        ground => ground.Expectation.Tmpfs.Where(condition).Select(mount => (AttackArgument)mount.Path);

    /// <summary>The path of an argument that is written <c>NUMBER@PATH</c>.</summary>
    public static string? PathOf(string argument) => argument.Split('@', 2) is [_, var path] ? path : null;
}
