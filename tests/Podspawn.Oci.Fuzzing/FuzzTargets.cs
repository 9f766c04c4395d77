using Podspawn.Oci.Fuzzing.Targets;

namespace Podspawn.Oci.Fuzzing;

/// <summary>The table of the targets.</summary>
internal static class FuzzTargets
{
    internal static IReadOnlyList<FuzzTarget> All { get; } =
    [
        YamlTarget.Target,
        SeccompProfileTarget.Target,
        ImageReferenceTarget.Target,
        ImageDocumentsTarget.Target,
        LayerDepthTarget.Target,
        ArchiveTarget.Target,
        BundleTarget.Target,
        TemplateTarget.Target,
    ];

    internal static FuzzTarget? Find(string name) => All.FirstOrDefault(target => target.Name == name);
}
