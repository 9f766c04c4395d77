using Podspawn.Oci.Spec;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Lifecycle.Diff;

/// <summary>The paths that the launch itself and the runtime write to a container's layer: they are not changes by the container.</summary>
internal sealed class LaunchPaths
{
    private static readonly string[] Files = ["/etc/hosts", "/etc/hostname", "/etc/resolv.conf"];

    private readonly HashSet<string> written;
    private readonly HashSet<string> above;

    /// <param name="directories">Directories that are created at each start, and mount points.</param>
    internal LaunchPaths(IEnumerable<string> directories)
    {
        string[] made = [.. directories.Select(directory => System.IO.Path.GetFullPath($"/{directory}").TrimEnd('/'))];
        written = [.. Files, .. made];
        above = [.. Files.Concat(made).SelectMany(Above)];
    }

    internal static LaunchPaths Of(ContainerDefinition definition, RuntimeSpec spec) => new(definition.Directories.Concat(spec.Mounts.Select(mount => mount.Destination)));

    /// <summary>Whether the launch has made this change, or may have. The launch also created the parent directories where they were missing.</summary>
    internal bool Has(string path, FileChangeKind kind) => written.Contains(path) || (kind == FileChangeKind.Added && above.Contains(path));

    private static IEnumerable<string> Above(string path)
    {
        for (int slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/'))
        {
            path = path[..slash];
            yield return path;
        }
    }
}
