using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Cli.Output;

/// <summary>A mount that the user of an inspected container has asked for: a volume, or a path of the host.</summary>
internal sealed record InspectedMount(
    string Type, string? Name, string Source, string Destination, string? Driver, string Mode, IReadOnlyList<string> Options, bool RW, string Propagation)
{
    private const string UsualPropagation = "rprivate";

    internal static InspectedMount Of(VolumeMount mount) => new(
        mount.Volume is null ? "bind" : "volume",
        mount.Volume?.Name,
        mount.Source,
        mount.Destination,
        mount.Volume is null ? null : VolumeReport.OnlyDriver,
        mount.Mode ?? "",
        [mount.IsRecursive ? "rbind" : "bind", .. mount.Options.Where(option => !IsPropagation(option))],
        !mount.ReadOnly,
        mount.Options.FirstOrDefault(IsPropagation) ?? UsualPropagation);

    private static bool IsPropagation(string option) => option is "private" or UsualPropagation;
}
