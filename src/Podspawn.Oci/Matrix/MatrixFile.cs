using Podspawn.Oci.Configuration;
using Podspawn.Oci.Host;

namespace Podspawn.Oci.Matrix;

/// <summary>A runtime-matrix.yml, read and checked: every name that it mentions exists, every path is absolute.</summary>
/// <param name="Path">The file, as the user named it.</param>
/// <param name="TimeLimit">The time limit of a cell.</param>
/// <param name="Runtimes">In the file's order.</param>
/// <param name="Configs">In the file's order.</param>
/// <param name="Bundles">In the file's order.</param>
/// <param name="Probes">In the file's order.</param>
/// <param name="Cells">The combinations that run: the product, without <c>exclude</c>, with <c>include</c>; in the order runtime, config, bundle, probe.</param>
public sealed record MatrixFile(
    string Path,
    TimeSpan TimeLimit,
    IReadOnlyList<MatrixRuntime> Runtimes,
    IReadOnlyList<MatrixConfig> Configs,
    IReadOnlyList<MatrixBundle> Bundles,
    IReadOnlyList<MatrixProbe> Probes,
    IReadOnlyList<MatrixCell> Cells);

/// <summary>A runtime.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Program">A bare name or an absolute path, as <c>--runtime</c> accepts.</param>
/// <param name="Arguments">Arguments of the runtime itself, before its verb, each with its leading dashes.</param>
public sealed record MatrixRuntime(string Name, string Program, IReadOnlyList<string> Arguments);

/// <summary>A security config.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Config">The config; its own <c>runtime</c> is ignored.</param>
public sealed record MatrixConfig(string Name, PodspawnConfig Config);

/// <summary>A root filesystem.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="RootfsPath">A directory, absolute; null for a bundle.</param>
/// <param name="BundlePath">An OCI bundle, absolute; null for a directory. Both null: an empty root filesystem.</param>
public sealed record MatrixBundle(string Name, string? RootfsPath, string? BundlePath);

/// <summary>A probe: built in where <paramref name="Command"/> is null.</summary>
/// <param name="Name">Its name in the file; of a built-in one, the finding's name.</param>
/// <param name="Command">A command to run instead.</param>
public sealed record MatrixProbe(string Name, CommandProbe? Command);

/// <summary>A command, and what is expected of it.</summary>
/// <param name="Arguments">The command and its arguments.</param>
/// <param name="ExitStatus">The exit status.</param>
/// <param name="Output">The whole standard output, without the line ends at its end; null for any.</param>
/// <param name="OutputPattern">A regular expression (.NET, multi-line, non-backtracking) that the standard output must match; null for any.</param>
/// <param name="TimeLimit">Its time limit; null for the file's limit.</param>
public sealed record CommandProbe(
    IReadOnlyList<string> Arguments, int ExitStatus, string? Output, string? OutputPattern, TimeSpan? TimeLimit);

/// <summary>A cell to run.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Expected">The expected result, where none is given for the runtime's release.</param>
/// <param name="Reason">Why it is not expected to hold; null where it is.</param>
public sealed record MatrixCell(CellKey Key, CellResult Expected, string? Reason)
{
    /// <summary>The expectations for some releases of its runtime; no release is in two of them.</summary>
    public IReadOnlyList<ReleaseExpectation> ByRelease { get; init; } = [];

    /// <summary>The cell with the expectation for one release of its runtime. A version that cannot be parsed counts as newer than all.</summary>
    public MatrixCell On(RuntimeRelease release)
    {
        ReleaseExpectation? own = ByRelease.FirstOrDefault(expectation => expectation.When.Holds(release));
        return new MatrixCell(Key, own?.Expected ?? Expected, own is null ? Reason : own.Reason);
    }
}

/// <summary>The expectation of a cell for some releases of its runtime: an <c>expect</c> entry with <c>when</c>.</summary>
/// <param name="When">The releases.</param>
/// <param name="Expected">The expected result.</param>
/// <param name="Reason">Why it is not expected to hold.</param>
public sealed record ReleaseExpectation(ReleaseRange When, CellResult Expected, string Reason);
