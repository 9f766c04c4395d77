
namespace Podspawn.Oci.Native;

/// <summary>
/// Where a program of the host lies. .NET looks for a bare name in the current directory before PATH (Process.Start), so that root in a
/// directory of somebody else's would run what that one has put there: a child is only ever started by an absolute path.
/// </summary>
internal static class HostProgram
{
    // Where distributions put programs, for callers whose PATH is unset or lacks the sbin directories.
    private static readonly string[] KnownDirectories = ["/usr/bin", "/usr/sbin", "/bin", "/sbin", "/usr/local/bin", "/usr/local/sbin", "/usr/lib/cri-o-runc/sbin"];

    /// <summary>The absolute path of the first executable file of that name that root alone can change; null where there is none.</summary>
    internal static string? Find(string name) => Find(name, out _);

    /// <summary>As <see cref="Find(string)"/>.</summary>
    /// <param name="name">The bare name.</param>
    /// <param name="passedOver">
    /// What came before and is not run, with why: a PATH that leads through a directory of another user's would let that one choose what root runs.
    /// </param>
    internal static string? Find(string name, out string? passedOver)
    {
        passedOver = null;
        foreach (string directory in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(KnownDirectories))
        {
            string path = $"{directory}/{name}";
            // A relative PATH entry would run what lies in the current directory.
            if (!directory.StartsWith('/') || !IsExecutable(path))
                continue;
            if (TrustedPath.Culprit(path) is not { } culprit)
                return path;
            passedOver ??= $"{path}: {culprit} does not belong to root or may be written by others";
        }
        return null;
    }

    /// <summary>What to tell of a program that <see cref="Find(string)"/> does not find.</summary>
    internal static string WhyNot(string name) =>
        Find(name, out string? passedOver) is null && passedOver is not null ? $"{name} is not run from {passedOver}; mend its owner and mode" : $"{name} is not installed";

    /// <summary>Whether a path is that of a regular file with an execute bit.</summary>
    internal static bool IsExecutable(string path) => FileKind.FactsOf(path) is { } facts && facts.Type == FileKind.Regular && facts.Executable;
}
