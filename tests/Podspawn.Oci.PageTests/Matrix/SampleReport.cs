using System.Text.Json;
using Podspawn.Oci.Matrix;

namespace Podspawn.Oci.PageTests.Matrix;

/// <summary>A report with a cell of every kind, and with everything in one cell that a hostile container could write.</summary>
internal static class SampleReport
{
    public const string Hostile =
        "</script><script>document.title='pwned'</script><img src=x onerror=\"document.title='pwned'\"><!-- {{script}}";

    // A line that shows the name of a harmless program by reversing the order of its letters, and an escape sequence.
    public const string Hidden = "ok \u202egnp.exe\u001b[2K";

    private static readonly string[] Probes =
        ["capabilities", "no_new_privileges", "pids_limit", "read_only", "tmpfs", "seccomp", "kernel", "network", "hello"];

    private static readonly Dictionary<string, (CellResult Result, CellResult Expected, string? Reason)> Special = new()
    {
        ["runsc/default/pids_limit"] = (CellResult.FallsShort, CellResult.FallsShort, "gVisor counts its own threads"),
        ["runsc/default/kernel"] = (CellResult.HoldsDifferently, CellResult.HoldsDifferently, "gVisor answers"),
        ["crun/default/tmpfs"] = (CellResult.FallsShort, CellResult.Holds, null),
        ["runsc/default/seccomp"] = (CellResult.Holds, CellResult.FallsShort, "the sentry filters by itself"),
        ["runc/locked-down/capabilities"] = (CellResult.HoldsDifferently, CellResult.HoldsDifferently, "by the kernel's rule"),
        ["crun/locked-down/capabilities"] = (CellResult.HoldsDifferently, CellResult.HoldsDifferently, "by the kernel's rule"),
        ["runsc/locked-down/capabilities"] = (CellResult.HoldsDifferently, CellResult.HoldsDifferently, "by the kernel's rule"),
        ["runsc/locked-down/network"] = (CellResult.Error, CellResult.Error, "has no such network"),
        ["crun/locked-down/hello"] = (CellResult.Error, CellResult.Holds, null),
        ["runsc/locked-down/hello"] = (CellResult.TimeLimit, CellResult.Holds, null),
    };

    public static MatrixReport Create(string[]? runtimes = null, string[]? bundles = null, bool calm = false)
    {
        runtimes ??= ["runc", "crun", "runsc"];
        bundles ??= ["busybox"];
        string[] configs = ["default", "locked-down"];
        CellReport[] cells =
        [
            .. from runtime in runtimes
               from config in configs
               from bundle in bundles
               from probe in Probes
               where (runtime, config, probe) is not ("runsc", "locked-down", "seccomp")
               let cell = Cell(runtime, config, bundle, probe)
               select calm ? cell with { Result = CellResult.Holds, Expected = CellResult.Holds } : cell,
        ];
        return new MatrixReport
        {
            File = "runtime-matrix.yml",
            Started = new DateTimeOffset(2025, 3, 9, 8, 7, 6, TimeSpan.Zero),
            Seconds = 12.4,
            CellSeconds = 23.56,
            Jobs = 2,
            Host = new MatrixHost("6.1.0-31-amd64", "x86_64", "hybrid", 2),
            Runtimes = [.. runtimes.Select(name => new ReportedRuntime(name, $"/usr/bin/{name}", $"{name} 1.1.5", []))],
            Configs = [.. configs.Select(name => new ReportedConfig(name, """{"pids_limit":100,"read_only":true}"""))],
            Bundles = bundles,
            Probes = Probes,
            Specs =
            [
                .. from runtime in runtimes
                   from config in configs
                   from bundle in bundles
                   select new ReportedSpec(runtime, config, bundle, Spec()),
            ],
            Cells = cells,
        };
    }

    private static CellReport Cell(string runtime, string config, string bundle, string probe)
    {
        var (result, expected, reason) = Special.GetValueOrDefault($"{runtime}/{config}/{probe}");
        var cell = new CellReport
        {
            Runtime = runtime,
            Config = config,
            Bundle = bundle,
            Probe = probe,
            Result = result,
            Expected = expected,
            Reason = reason,
            Seconds = 0.4363,
            Expectation = $"{probe} as the config has it",
            Evidence = [$"{probe} was seen", "a second line"],
            Shortfalls = result == CellResult.FallsShort ? [$"{probe} is less than asked for"] : [],
            Notes = result == CellResult.HoldsDifferently ? [$"{probe} by other means"] : [],
        };
        if (probe != "hello")
            return cell;

        cell = cell with { Command = ["echo", "hello world", "it's"], ExitStatus = result == CellResult.TimeLimit ? null : 0, Output = "hello\n" };
        return (runtime, config) is not ("runc", "default")
            ? cell
            : cell with
            {
                Reason = Hostile,
                Expectation = Hostile,
                Evidence = [Hostile, Hidden],
                Shortfalls = [Hostile],
                Notes = [Hostile],
                Command = ["echo", Hostile],
                Output = Hostile + "\n" + new string('w', 2000) + "\n",
                Errors = Hostile,
            };
    }

    private static JsonElement Spec()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Matrix", "Data", "config.json")));
        return document.RootElement.Clone();
    }
}
