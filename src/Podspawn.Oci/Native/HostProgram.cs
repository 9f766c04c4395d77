namespace Podspawn.Oci.Native;

/// <summary>
/// Where a program of the host lies. .NET looks for a bare name in the current directory before PATH (Process.Start), so that root in a
/// directory of somebody else's would run what that one has put there: a child is only ever started by an absolute path.
/// </summary>
internal static class HostProgram
{
    // Where distributions put programs, for callers whose PATH is unset or lacks the sbin directories.
    private static readonly string[] KnownDirectories = ["/usr/bin", "/usr/sbin", "/bin", "/sbin", "/usr/local/bin", "/usr/local/sbin", "/usr/lib/cri-o-runc/sbin"];

    /// <summary>The absolute path of the first executable file of that name; null where there is none.</summary>
    internal static string? Find(string name)
    {
        foreach (string directory in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(KnownDirectories))
        {
            // A relative PATH entry would run what lies in the current directory.
            if (directory.StartsWith('/') && IsExecutable($"{directory}/{name}"))
                return $"{directory}/{name}";
        }
        return null;
    }

    /// <summary>Whether a path is that of a regular file with an execute bit.</summary>
    internal static bool IsExecutable(string path) => FileKind.FactsOf(path) is { } facts && facts.Type == FileKind.Regular && facts.Executable;
}
