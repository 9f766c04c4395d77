using System.Text.Json;

namespace Podspawn.Oci.Matrix;

/// <summary>The report of a matrix run. <c>matrix --json</c> writes it and <c>--compare</c> reads it; <c>schema matrix</c> prints its JSON Schema.</summary>
public sealed record MatrixReport
{
    /// <summary>The version of the format that we write.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The version of the format.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>The matrix file, as the user named it.</summary>
    public required string File { get; init; }

    /// <summary>When it began (UTC).</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>Seconds from its start to its end.</summary>
    public required double Seconds { get; init; }

    /// <summary>The sum of its cells' seconds.</summary>
    public required double CellSeconds { get; init; }

    /// <summary>The number of cells that ran at the same time.</summary>
    public required int Jobs { get; init; }

    /// <summary>The host it ran on.</summary>
    public required MatrixHost Host { get; init; }

    /// <summary>Its runtimes, in the file's order.</summary>
    public required IReadOnlyList<ReportedRuntime> Runtimes { get; init; }

    /// <summary>Its security configs, in the file's order.</summary>
    public required IReadOnlyList<ReportedConfig> Configs { get; init; }

    /// <summary>The names of its bundles, in the file's order.</summary>
    public required IReadOnlyList<string> Bundles { get; init; }

    /// <summary>The names of its probes, in the file's order.</summary>
    public required IReadOnlyList<string> Probes { get; init; }

    /// <summary>The config.json of each runtime, config and bundle; container id and paths are stand-ins.</summary>
    public required IReadOnlyList<ReportedSpec> Specs { get; init; }

    /// <summary>Its cells, in the file's order.</summary>
    public required IReadOnlyList<CellReport> Cells { get; init; }

    /// <summary>The number of cells whose result is not the expected one.</summary>
    public int Unexpected => Cells.Count(cell => !cell.AsExpected);
}

/// <summary>The host of a matrix run.</summary>
/// <param name="Kernel">uname -r.</param>
/// <param name="Architecture">uname -m.</param>
/// <param name="Cgroups"><c>v1</c>, <c>hybrid</c>, <c>v2</c> or <c>none</c>.</param>
/// <param name="Processors">Processors online.</param>
public sealed record MatrixHost(string Kernel, string Architecture, string Cgroups, int Processors);

/// <summary>A runtime of a matrix run.</summary>
/// <param name="Name">Its name in the matrix file.</param>
/// <param name="Path">The program.</param>
/// <param name="Version">Its answer to <c>--version</c>, such as <c>runc 1.1.5</c>.</param>
/// <param name="Arguments">Arguments before its verb.</param>
public sealed record ReportedRuntime(string Name, string Path, string Version, IReadOnlyList<string> Arguments);

/// <summary>A security config of a matrix run.</summary>
/// <param name="Name">Its name in the matrix file.</param>
/// <param name="Text">The config in effect, as JSON, which is YAML too.</param>
public sealed record ReportedConfig(string Name, string Text);

/// <summary>A config.json of a matrix run.</summary>
/// <param name="Runtime">The runtime's name in the matrix file.</param>
/// <param name="Config">The security config's name in the matrix file.</param>
/// <param name="Bundle">The bundle's name in the matrix file.</param>
/// <param name="Spec">The OCI runtime spec.</param>
public sealed record ReportedSpec(string Runtime, string Config, string Bundle, JsonElement Spec);
