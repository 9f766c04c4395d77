using Podspawn.Oci.Configuration;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Text;
using Podspawn.Oci.Translation;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Launching.Planning;

/// <summary>podman's <c>mask</c> and <c>unmask</c>: paths that are covered beside those of the config, or are not covered although it says so.</summary>
public sealed record MaskOptions
{
    private const string All = "ALL", Below = "/*";

    /// <summary>Paths to hide as well.</summary>
    public IReadOnlyList<string> Mask { get; init; } = [];

    /// <summary>Paths to leave as they are: <c>ALL</c>, a path, or a path and <c>/*</c> for all below it.</summary>
    public IReadOnlyList<string> Unmask { get; init; } = [];

    /// <summary>The config with its lists changed.</summary>
    internal PodspawnConfig ApplyTo(PodspawnConfig config, HostFacts host)
    {
        if (Mask.Count + Unmask.Count == 0)
            return config;
        IReadOnlyList<string> masked = config.Security.MaskedPaths ?? PathLists.UsuallyMasked(host), readOnly = config.Security.ReadonlyPaths ?? PathLists.UsuallyReadonly();
        var origins = new Dictionary<string, Origin>(config.Origins) { [Keys.MaskedPaths] = Origin.FromFlag($"{Setting.SecurityOpt} {(Mask.Count > 0 ? "mask" : "unmask")}") };
        if (Unmask.Count > 0)
            origins[Keys.ReadonlyPaths] = Origin.FromFlag($"{Setting.SecurityOpt} unmask");
        return config with
        {
            Security = config.Security with
            {
                MaskedPaths = [.. masked.Where(IsCovered).Concat(Mask.Select(CleanPath.Of)).Distinct()],
                ReadonlyPaths = Unmask.Count == 0 ? config.Security.ReadonlyPaths : [.. readOnly.Where(IsCovered)],
            },
            Origins = origins,
        };
    }

    /// <summary>What the user must see of it.</summary>
    internal IEnumerable<Note> Notes() => Unmask.Count == 0 ? [] :
        [new Note(
            Keys.MaskedPaths, NoteSeverity.Warning, $"left open: {Printable.Clean(string.Join(' ', Unmask), 400)}; the container sees what the kernel shows of the host there")];

    private bool IsCovered(string path) => !Unmask.Any(open => open.Equals(All, StringComparison.OrdinalIgnoreCase) || CleanPath.Of(open) == path
        || (open.EndsWith(Below, StringComparison.Ordinal) && path.StartsWith(open[..^1], StringComparison.Ordinal)));
}
