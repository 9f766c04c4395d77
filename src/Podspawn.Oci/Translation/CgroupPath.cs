using Podspawn.Oci.Host;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Translation;

/// <summary><c>linux.cgroupsPath</c>: a path, or for a runtime that leaves the cgroup to systemd the slice, a prefix and a name.</summary>
internal static class CgroupPath
{
    /// <summary>The beginning of the paths of all scopes.</summary>
    public const string SystemdSlice = $"/{Slice}/";

    private const string Slice = "system.slice";
    private const string Prefix = "podspawn-oci";
    private const string Start = $"{SystemdSlice}{Prefix}-";
    private const string End = ".scope";

    /// <summary>The value in config.json.</summary>
    public static string? InSpec(LaunchRequest request) =>
        request is { CgroupsPath: { } scope, CgroupManager: CgroupManager.Systemd } ? $"{Slice}:{Prefix}:{NameIn(scope)}" : request.CgroupsPath;

    /// <summary>The path at which systemd creates a scope's cgroup.</summary>
    public static string OfScope(string name) => $"{Start}{name}{End}";

    private static string NameIn(string scope) => scope[Start.Length..^End.Length];
}
