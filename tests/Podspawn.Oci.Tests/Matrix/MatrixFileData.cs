using Podspawn.Oci.Errors;
using Podspawn.Oci.Matrix;
using Podspawn.Oci.Matrix.Files;

namespace Podspawn.Oci.Tests.Matrix;

internal static class MatrixFileData
{
    /// <summary>Two runtimes, two configs, one bundle, two probes.</summary>
    public const string Small = """
        version: 1
        runtimes: {runc: , runsc: }
        configs: {open: {}, tight: {security: {pids_limit: 9}}}
        bundles: {empty: {}}
        probes: [devices, seccomp]

        """;

    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Matrix", "Data", name);

    public static MatrixFile Parse(string text) => MatrixFileReader.Parse(text, "/work/runtime-matrix.yml");

    public static string[] Cells(string text) => [.. Parse(text).Cells.Select(cell => cell.Key.ToString())];

    public static IReadOnlyList<Problem> ProblemsOf(string text) => Assert.Throws<ConfigException>(() => Parse(text)).Problems;

    public static Problem ProblemOf(string text) => Assert.Single(ProblemsOf(text));
}
