using Podspawn.Oci.Configuration;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Matrix;
using Podspawn.Oci.Matrix.Files;
using Podspawn.Oci.Verification.Findings;
using static Podspawn.Oci.Tests.Matrix.MatrixFileData;

namespace Podspawn.Oci.Tests.Matrix;

/// <summary>The result of reading a matrix file.</summary>
public sealed class MatrixFileReaderSpecs
{
    [Fact]
    public void Every_key_is_read()
    {
        using var directory = new TemporaryDirectory();
        string path = directory.Write("matrix/m.yml", File.ReadAllText(PathOf("every-key.yaml")));
        string strict = directory.Write("matrix/configs/strict.yaml", "security: {runtime: crun, seccomp: s.json}\n");
        string root = Path.Combine(directory.Path, "matrix");

        MatrixFile matrix = MatrixFileReader.Load(path);

        Assert.Equal(path, matrix.Path);
        Assert.Equal(TimeSpan.FromMinutes(2), matrix.TimeLimit);
        Assert.Equal(
            [$"runc=runc", "crun=/usr/bin/crun", "runsc=runsc --platform=ptrace", $"own={directory.Path}/tools/runc"],
            matrix.Runtimes.Select(runtime => string.Join(' ', [$"{runtime.Name}={runtime.Program}", .. runtime.Arguments])));
        Assert.Equal(
            [new("probe", $"{root}/artifacts/bundles/probe/rootfs", null), new("made", null, "/srv/bundle"), new("empty", null, null)],
            matrix.Bundles);

        Assert.Equal(["default", "locked-down", "from-file"], matrix.Configs.Select(config => config.Name));
        Assert.Equal(new SecurityConfig().CapAdd, matrix.Configs[0].Config.Security.CapAdd);
        PodspawnConfig lockedDown = matrix.Configs[1].Config;
        Assert.Equal((128, true, $"{root}/strict.json"), (lockedDown.Security.PidsLimit, lockedDown.Security.ReadonlyRootfs, lockedDown.Security.Seccomp));
        Assert.Equal([new("/tmp", "size=16m")], lockedDown.Security.Tmpfs);
        Assert.Equal(512L << 20, lockedDown.Defaults.Memory);
        Assert.Equal($"{root}/configs/s.json", matrix.Configs[2].Config.Security.Seccomp);
        Assert.Equal(new Origin(strict, 1, 21), matrix.Configs[2].Config.OriginOf("security.runtime"));

        Assert.Equal([new MatrixProbe("devices", null), new MatrixProbe("seccomp", null)], matrix.Probes.Take(2));
        CommandProbe hello = matrix.Probes[2].Command!;
        Assert.Equal("hello", matrix.Probes[2].Name);
        Assert.Equal(["sh", "-c", "echo hello; exit 3"], hello.Arguments);
        Assert.Equal((3, "hello", "^hel+o$", TimeSpan.FromMilliseconds(500)), (hello.ExitStatus, hello.Output, hello.OutputPattern, hello.TimeLimit));
    }

    [Fact]
    public void The_values_of_an_inline_config_name_the_matrix_file_as_their_origin()
    {
        PodspawnConfig tight = Parse(Small).Configs[1].Config;
        Assert.Equal(new Origin("/work/runtime-matrix.yml", 3, 52), tight.OriginOf("security.pids_limit"));
        Assert.Equal(Origin.Default, tight.OriginOf("security.runtime"));
    }

    [Fact]
    public void A_warning_about_an_inline_config_stays_with_it()
    {
        PodspawnConfig config = Parse(Small.Replace("open: {}", "open: {defaults: {shel: /bin/sh}}", StringComparison.Ordinal)).Configs[0].Config;
        Assert.Equal(
            "/work/runtime-matrix.yml:3:29: defaults.shel: unknown key, not read; did you mean shell?", Assert.Single(config.Warnings).ToString());
    }

    [Fact]
    public void Cells_come_in_the_order_of_the_file_by_runtime_config_bundle_and_probe() => Assert.Equal(
        [
            "runc/open/empty/devices", "runc/open/empty/seccomp", "runc/tight/empty/devices", "runc/tight/empty/seccomp",
            "runsc/open/empty/devices", "runsc/open/empty/seccomp", "runsc/tight/empty/devices", "runsc/tight/empty/seccomp",
        ],
        Cells(Small));

    [Fact]
    public void An_excluded_cell_does_not_run() => Assert.Equal(
        ["runc/open/empty/seccomp", "runc/tight/empty/devices", "runc/tight/empty/seccomp", "runsc/open/empty/seccomp"],
        Cells($"{Small}exclude: [{{runtime: runsc, config: tight}}, {{config: [open], probe: devices}}]"));

    [Fact]
    public void A_cell_that_is_included_runs_in_its_place_although_it_is_excluded() => Assert.Equal(
        ["runc/tight/empty/devices", "runsc/open/empty/devices", "runsc/open/empty/seccomp", "runsc/tight/empty/devices", "runsc/tight/empty/seccomp"],
        Cells($"{Small}exclude: [{{runtime: runc}}]\ninclude: [{{runtime: runc, config: tight, bundle: [empty], probe: devices}}]"));

    [Theory]
    [InlineData("holds differently", CellResult.HoldsDifferently)]
    [InlineData("falls short", CellResult.FallsShort)]
    [InlineData("error", CellResult.Error)]
    [InlineData("time limit", CellResult.TimeLimit)]
    public void A_known_difference_is_expected_of_the_cells_that_it_selects_and_of_no_other(string written, CellResult result)
    {
        MatrixFile matrix = Parse($"{Small}expect: [{{runtime: runsc, probe: [seccomp], result: {written}, reason: ' the Sentry '}}]");
        Assert.All(matrix.Cells, cell => Assert.Equal(
            cell.Key is { Runtime: "runsc", Probe: "seccomp" } ? (result, "the Sentry") : (CellResult.Holds, null), (cell.Expected, cell.Reason)));
        Assert.Equal(2, matrix.Cells.Count(cell => cell.Reason is not null));
    }

    [Fact]
    public void All_stands_for_every_built_in_probe()
    {
        MatrixFile matrix = Parse(Small.Replace("[devices, seccomp]", "[{name: first, command: [ls]}, all]", StringComparison.Ordinal));
        Assert.Equal(["first", .. FindingNames.All], matrix.Probes.Select(probe => probe.Name));
        Assert.All(matrix.Probes.Skip(1), probe => Assert.Null(probe.Command));
    }

    [Fact]
    public void A_command_without_more_has_to_end_with_0_and_may_write_anything()
    {
        CommandProbe ls = Parse(Small.Replace("[devices, seccomp]", "[{name: ls, command: [ls]}]", StringComparison.Ordinal)).Probes[0].Command!;
        Assert.Equal((0, null, null, null), (ls.ExitStatus, ls.Output, ls.OutputPattern, ls.TimeLimit));
    }

    [Theory]
    [InlineData("1ms", 1)]
    [InlineData("90s", 90_000)]
    [InlineData("60m", 3_600_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("~", 60_000)]
    public void A_time_limit_has_a_unit(string written, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Parse($"{Small}time_limit: {written}").TimeLimit);

    [Fact]
    public void The_time_limit_is_a_minute_where_none_is_given() => Assert.Equal(TimeSpan.FromSeconds(60), Parse(Small).TimeLimit);

    [Fact]
    public void Ten_thousand_cells_are_read_and_one_more_line_is_refused()
    {
        Assert.Equal(10_000, Parse(Of(1000)).Cells.Count);
        Problem problem = ProblemOf(Of(1001));
        Assert.Equal("there are 10010 cells, more than 10000", problem.What);

        static string Of(int runtimes) =>
            $"version: 1\nruntimes: {{{string.Join(", ", Enumerable.Range(0, runtimes).Select(i => $"r{i}: {{}}"))}}}\n"
            + "configs: {a: , b: , c: , d: , e: }\nbundles: {x: }\nprobes: [devices, seccomp]\n";
    }

    [Fact]
    public void A_file_in_the_current_directory_has_its_paths_there() => Assert.Equal(
        Path.GetFullPath("fs"), MatrixFileReader.Parse(Small.Replace("empty: {}", "empty: {rootfs: fs}", StringComparison.Ordinal), "m.yml").Bundles[0].RootfsPath);
}
