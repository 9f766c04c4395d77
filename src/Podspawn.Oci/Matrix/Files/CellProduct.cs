namespace Podspawn.Oci.Matrix.Files;

/// <summary>The names that cells are made of, in the order of the file.</summary>
internal sealed record CellProduct(
    IReadOnlyList<string> Runtimes, IReadOnlyList<string> Configs, IReadOnlyList<string> Bundles, IReadOnlyList<string> Probes)
{
    public static readonly IReadOnlyList<string> Dimensions = ["runtime", "config", "bundle", "probe"];

    /// <summary>The number of cells.</summary>
    public long Count => (long)Runtimes.Count * Configs.Count * Bundles.Count * Probes.Count;

    public IReadOnlyList<string> Names(string dimension) => dimension switch
    {
        "runtime" => Runtimes,
        "config" => Configs,
        "bundle" => Bundles,
        _ => Probes,
    };

    /// <summary>Every cell, in the order runtime, config, bundle, probe.</summary>
    public IEnumerable<CellKey> Cells() =>
        from runtime in Runtimes
        from config in Configs
        from bundle in Bundles
        from probe in Probes
        select new CellKey(runtime, config, bundle, probe);
}
