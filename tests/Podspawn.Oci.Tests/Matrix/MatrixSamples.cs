using System.Text.Json;
using CsCheck;
using Podspawn.Oci.Matrix;

namespace Podspawn.Oci.Tests.Matrix;

/// <summary>Reports of invented matrix runs.</summary>
internal static class MatrixSamples
{
    /// <summary>Texts that a container may write to break out of a report.</summary>
    private static readonly Gen<string> Fragment = Gen.OneOf(
        "|", "||", "\\", "\\|", "\n", "\r\n", "\r", "\n\n", "`", "```", "````\n", "~~~", "<", ">", "&", "</details>", "<script>", "-->", "<!--", "]]>", "<![CDATA[",
        "&amp;", "@octocat", "a@b.example", "https://a.example", "www.a.example", "[a](http://b)", "![x](y)", "#1", "*", "__", "$x$", "# a", "- ", "1. ",
        "\0", "\u0001", "\u001b[31m", "\u0085", "\u2028", "\u202e", "\ud83d", "\ude00", "\ud83d\ude00", "\ufffe", "\uffff", "\ufeff", "\t", " ", "word", "é", ":tada:");

    /// <summary>Any text that a container may write.</summary>
    internal static readonly Gen<string> Hostile = Gen.OneOf(Fragment.Array[0, 8].Select(string.Concat), Gen.String);

    /// <summary>Any report whose every text is hostile.</summary>
    internal static readonly Gen<MatrixReport> HostileReport =
        Gen.Select(Gen.Select(Hostile, Hostile, Hostile, Hostile), Gen.Select(Hostile, Hostile, Hostile), Gen.Enum<CellResult>().Array[1, 4], Gen.Enum<CellResult>(),
            (names, texts, results, expected) =>
            {
                (string runtime, string config, string bundle, string probe) = names;
                (string wish, string line, string output) = texts;
                CellReport[] cells = [.. results.Select((result, i) => Cell($"{i}{runtime}", config, probe, result, expected, line, bundle) with
                {
                    Expectation = wish,
                    Evidence = [line, output],
                    Shortfalls = [line],
                    Notes = [wish],
                    Command = [wish, line],
                    Output = output,
                    Errors = line,
                })];
                return Report(cells) with { Host = new(line, wish, output, 1) };
            });

    /// <summary>A cell; by default of runtime runc, config default, bundle empty, probe pids_limit.</summary>
    internal static CellReport Cell(
        string runtime = "runc", string config = "default", string probe = "pids_limit", CellResult result = CellResult.Holds,
        CellResult expected = CellResult.Holds, string? reason = null, string bundle = "empty") => new()
        {
            Runtime = runtime,
            Config = config,
            Bundle = bundle,
            Probe = probe,
            Result = result,
            Expected = expected,
            Reason = expected == CellResult.Holds ? null : reason,
            Seconds = 0.25,
            Expectation = "at most 256 processes",
            Evidence = ["fork failed with EAGAIN at 256 processes"],
        };

    /// <summary>A report of these cells, whose names are listed in their order.</summary>
    internal static MatrixReport Report(params CellReport[] cells) => new()
    {
        File = "runtime-matrix.yml",
        Started = new DateTimeOffset(2026, 7, 1, 12, 30, 5, 250, TimeSpan.Zero),
        Seconds = 1.5,
        CellSeconds = cells.Sum(cell => cell.Seconds),
        Jobs = 2,
        Host = new("6.1.0-18-amd64", "x86_64", "v2", 4),
        Runtimes = [.. cells.Select(cell => cell.Runtime).Distinct().Select(name => new ReportedRuntime(name, $"/usr/sbin/{name}", $"{name} 1.1.5", []))],
        Configs = [.. cells.Select(cell => cell.Config).Distinct().Select(name => new ReportedConfig(name, """{"security":{}}"""))],
        Bundles = [.. cells.Select(cell => cell.Bundle).Distinct()],
        Probes = [.. cells.Select(cell => cell.Probe).Distinct()],
        Specs = [.. cells.Select(cell => (cell.Runtime, cell.Config, cell.Bundle)).Distinct().Select(key =>
            new ReportedSpec(key.Runtime, key.Config, key.Bundle, JsonElement.Parse("""{"ociVersion":"1.0.2"}""")))],
        Cells = cells,
    };

    /// <summary>One cell of every kind: two runtimes, two configs, three probes.</summary>
    internal static MatrixReport EveryKind() => Report(
        Cell(),
        Cell(probe: "seccomp", result: CellResult.HoldsDifferently, expected: CellResult.HoldsDifferently, reason: "the kernel lacks it"),
        Cell(probe: "hello", result: CellResult.FallsShort) with
        {
            Expectation = "exit status 0",
            Evidence = ["exit status 3"],
            Shortfalls = ["exit status 3, not 0"],
            Command = ["sh", "-c", "exit 3"],
            ExitStatus = 3,
            Output = "partly\n",
            Errors = "sh: no\n",
        },
        Cell("runsc", result: CellResult.Holds, expected: CellResult.FallsShort, reason: "gVisor counts threads"),
        Cell("runsc", probe: "seccomp", result: CellResult.Error) with { Errors = "starting container: no such file\n" },
        Cell("runsc", "locked-down", result: CellResult.TimeLimit),
        Cell("runsc", "locked-down", "seccomp", CellResult.FallsShort, CellResult.FallsShort, "gVisor has its own filter"));
}
