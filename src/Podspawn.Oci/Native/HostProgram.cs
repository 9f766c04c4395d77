
namespace Podspawn.Oci.Native;

/// <summary>
/// Finds programs of the host. .NET looks for a bare name in the current directory before PATH (Process.Start), so that root in another user's
/// directory would run that user's program: a child is only ever started by an absolute path.
/// </summary>
internal static class HostProgram
{
    // The usual directories of distributions, for callers whose PATH is unset or lacks the sbin directories; podman's helpers are in none of PATH's.
    private static readonly string[] KnownDirectories =
    [
        "/usr/bin", "/usr/sbin", "/bin", "/sbin", "/usr/local/bin", "/usr/local/sbin", "/usr/lib/cri-o-runc/sbin",
        "/usr/libexec/podman", "/usr/lib/podman", "/usr/local/libexec/podman", "/usr/local/lib/podman",
    ];

    /// <summary>The absolute path of the first executable file of that name that only root can change; null where there is none.</summary>
    internal static string? Find(string name) => Find(name, out _);

    /// <summary>Like <see cref="Find(string)"/>.</summary>
    /// <param name="name">The bare name.</param>
    /// <param name="passedOver">A file that was found earlier and is not run, with the reason: a PATH that leads through another user's directory
    /// would let that user choose what root runs.</param>
    internal static string? Find(string name, out string? passedOver)
    {
        passedOver = null;
        foreach (string directory in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(KnownDirectories))
        {
            string path = $"{directory}/{name}";
            // A relative PATH entry would run a program from the current directory.
            if (!directory.StartsWith('/') || !IsExecutable(path))
                continue;
            if (TrustedPath.Culprit(path) is not { } culprit)
                return path;
            passedOver ??= $"{path}: {culprit} does not belong to root or may be written by others";
        }
        return null;
    }

    /// <summary>Explains why <see cref="Find(string)"/> does not find a program.</summary>
    internal static string WhyNot(string name) =>
        Find(name, out string? passedOver) is null && passedOver is not null ? $"{name} is not run from {passedOver}; mend its owner and mode" : $"{name} is not installed";

    /// <summary>Whether a path leads to a regular file with an execute bit.</summary>
    internal static bool IsExecutable(string path) => FileKind.FactsOf(path) is { } facts && facts.Type == FileKind.Regular && facts.Executable;
}
