using Podspawn.Oci.Verification.Expectations;

namespace Podspawn.Oci.Verification.Attacks;

/// <summary>Directories to try attacks in.</summary>
internal static class Places
{
    /// <summary>The path of the probe in the container.</summary>
    public const string Probe = "/.podspawn-oci-probe";

    /// <summary>The copy of the probe that belongs to another user and has the set-user-id bit.</summary>
    public const string SetuidCopy = $"{Probe}/setuid-probe";

    /// <summary>The mount point of a volume without restrictions.</summary>
    public const string Volume = $"{Probe}/volume";

    /// <summary>The device file on it: c 10:229, which the rules for devices deny to every container.</summary>
    public const string Device = $"{Volume}/device";

    /// <summary>Where a program may be put: the volume without restrictions, a tmpfs of the config, and the root where it is writable.</summary>
    public static IEnumerable<AttackArgument> ForPrograms(AttackGround ground)
    {
        yield return Places.Volume;
        if (ground.Expectation.Tmpfs.FirstOrDefault(mount => !mount.Has("ro")) is { } tmpfs)
            yield return tmpfs.Path;
        if (!ground.Expectation.ReadonlyRoot)
            yield return "/";
    }

    /// <summary>Every tmpfs that was asked for and meets a condition.</summary>
    public static Func<AttackGround, IEnumerable<AttackArgument>> Tmpfs(Func<TmpfsExpectation, bool> condition) =>
        ground => ground.Expectation.Tmpfs.Where(condition).Select(mount => (AttackArgument)mount.Path);

    /// <summary>The path in an argument of the form <c>NUMBER@PATH</c>.</summary>
    public static string? PathOf(string argument) => argument.Split('@', 2) is [_, var path] ? path : null;
}
