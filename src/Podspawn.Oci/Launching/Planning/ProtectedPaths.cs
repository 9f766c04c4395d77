using Podspawn.Oci.Configuration;
using Podspawn.Oci.Errors;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Launching.Planning;

/// <summary>
/// Refuses masked and read-only paths that are symbolic links or go through one. The runtimes disagree about these: some cover the link's target,
/// some fail in the middle of the launch; and a link in the image could have another file covered than the one that was meant.
/// </summary>
internal static class ProtectedPaths
{
    // Links of the process itself: procfs shows each process its own (proc(5)). The last ones are created by the runtimes, in their own /dev.
    private static readonly string[] KnownLinks =
        ["/proc/self", "/proc/thread-self", "/proc/net", "/proc/mounts", "/dev/fd", "/dev/stdin", "/dev/stdout", "/dev/stderr", "/dev/core", "/dev/ptmx"];

    /// <summary>Checks the lists that the user has written; docker's default lists contain no links.</summary>
    /// <exception cref="ConfigException">A path goes through a link.</exception>
    internal static void Check(PodspawnConfig config, RootFilesystem root, IReadOnlyList<VolumeMount> volumes)
    {
        List<Problem> problems = [];
        AddProblems(Keys.MaskedPaths, config.Security.MaskedPaths ?? [], config, root, volumes, problems);
        AddProblems(Keys.ReadonlyPaths, config.Security.ReadonlyPaths ?? [], config, root, volumes, problems);
        if (problems.Count > 0)
            throw new ConfigException(problems);
    }

    private static void AddProblems(
        string key, IReadOnlyList<string> paths, PodspawnConfig config, RootFilesystem root, IReadOnlyList<VolumeMount> volumes, List<Problem> problems)
    {
        for (int i = 0; i < paths.Count; i++)
        {
            // The translator reports everything else that is wrong with the path.
            if (ContainerPath.CheckSeen(paths[i]) is null && LinkOn(paths[i], config, root, volumes) is { } link)
            {
                string element = Keys.Element(key, i);
                problems.Add(new Problem(
                    element, $"'{paths[i]}' is, or goes through, the symbolic link {link}, and the runtimes do not agree on what to cover then",
                    "name the path that it leads to", config.OriginOf(element)));
            }
        }
    }

    private static string? LinkOn(string path, PodspawnConfig config, RootFilesystem root, IReadOnlyList<VolumeMount> volumes)
    {
        if (KnownLinks.FirstOrDefault(link => ContainerPath.IsAtOrBelow(path, link)) is { } known)
            return known;
        // The kernel's files exist at the launch, and are the same as the host's.
        if (ContainerPath.IsAtOrBelow(path, "/proc") || ContainerPath.IsAtOrBelow(path, "/sys"))
            return Prefixes(path).FirstOrDefault(prefix => new FileInfo(prefix).LinkTarget is not null);
        bool covered = ContainerPath.IsAtOrBelow(path, "/dev") || volumes.Any(volume => ContainerPath.IsAtOrBelow(path, volume.Destination))
            || config.Security.Tmpfs.Any(mount => ContainerPath.IsAtOrBelow(path, mount.Key));
        return covered ? null : Prefixes(path).FirstOrDefault(root.IsLink);
    }

    // "/a/b/c": "/a", "/a/b", "/a/b/c".
    private static IEnumerable<string> Prefixes(string path)
    {
        for (int slash = path.IndexOf('/', 1); slash >= 0; slash = path.IndexOf('/', slash + 1))
            yield return path[..slash];
        yield return path;
    }
}
