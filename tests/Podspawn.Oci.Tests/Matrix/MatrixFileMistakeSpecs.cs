using CsCheck;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Matrix.Files;
using static Podspawn.Oci.Tests.Matrix.MatrixFileData;

namespace Podspawn.Oci.Tests.Matrix;

/// <summary>What is refused in a matrix file, and with which message.</summary>
public sealed class MatrixFileMistakeSpecs
{
    [Fact]
    public void Every_mistake_is_told_in_the_order_of_the_file()
    {
        ConfigException exception = Assert.Throws<ConfigException>(() => MatrixFileReader.Parse(File.ReadAllText(PathOf("every-mistake.yaml")), "every-mistake.yaml"));
        Assert.Equal(File.ReadAllText(PathOf("every-mistake.expected.txt")).TrimEnd().Split('\n'), exception.Message.Split('\n'));
    }

    [Theory]
    [InlineData("exclude: [{runtime: [runc, runsc]}]", "6:11: exclude: leaves no cell; exclude less")]
    [InlineData("include: [{runtime: runc, config: open, bundle: empty, probe: devices}]", "6:11: include[0]: runc/open/empty/devices runs anyway; take the entry away")]
    [InlineData(
        "exclude: [{runtime: runc}]\ninclude:\n- &a {runtime: runc, config: open, bundle: empty, probe: devices}\n- {<<: *a}",
        "9:3: include[1]: runc/open/empty/devices runs anyway; take the entry away")]
    [InlineData(
        "exclude: [{runtime: runc}]\nexpect: [{runtime: runc, result: error, reason: r}]",
        "7:10: expect[0]: matches no cell that runs; take it away, or exclude less")]
    [InlineData(
        "expect:\n- {runtime: runc, result: error, reason: r}\n- {probe: seccomp, result: falls short, reason: s}",
        "8:3: expect[1]: matches runc/open/empty/seccomp, which expect[0] on line 7 matches too; let one of the two match less")]
    [InlineData("exclude: {runtime: runc}", "6:10: exclude: found a map, want a list; for example exclude: [{runtime: runsc, probe: devices}]")]
    [InlineData(
        "expect: [{result: error, reason: r}]",
        "6:10: expect[0]: names no runtime, config, bundle or probe; for example {runtime: runsc, probe: seccomp, result: holds differently, reason: \"why\"}")]
    [InlineData(
        "expect:\n- {runtime: runc, when: runc < 1.2, result: error, reason: r}\n- {runtime: runc, when: \"runc > 1.1, < 1.4\", result: error, reason: r}",
        "8:3: expect[1]: matches runc/open/empty/devices, which expect[0] on line 7 matches too; let one of the two match less")]
    [InlineData(
        "expect:\n- {runtime: runc, result: error, reason: r}\n- {runtime: runc, when: runc < 1.4, result: error, reason: r}",
        "8:3: expect[1]: matches runc/open/empty/devices, which expect[0] on line 7 matches too; let one of the two match less")]
    [InlineData("time_limit: 1000000000s", "6:13: time_limit: \"1000000000s\" is not a time; write a whole number with ms, s, m or h, such as 90s")]
    [InlineData("time_limit: 3601s", "6:13: time_limit: 3601s is out of range; write more than 0 and at most 1h")]
    [InlineData("time_limit: 1.5s", "6:13: time_limit: \"1.5s\" is not a time; write a whole number with ms, s, m or h, such as 90s")]
    [InlineData("time_limit: [5s]", "6:13: time_limit: found a list, want a text; for example time_limit: 90s")]
    [InlineData("excludes: []", "6:1: excludes: unknown key; did you mean exclude?")]
    [InlineData("zzz: []", "6:1: zzz: unknown key; known are version, time_limit, runtimes, configs, bundles, probes, exclude, include, expect")]
    [InlineData("expect:\n- {runtime: runc, result: error, reason: r, command: ls}",
        "7:45: expect[0].command: unknown key; known are runtime, config, bundle, probe, when, result, reason")]
    public void What_cannot_be_meant_is_refused_with_its_place(string end, string message) =>
        Assert.Equal($"/work/runtime-matrix.yml:{message}", ProblemOf(Small + end).ToString());

    [Theory]
    [InlineData("''", ": \"\" is no comparison; for example when: runsc < 20250820")]
    [InlineData("~", ": found nothing, want a text; for example when: runsc < 20250820")]
    [InlineData("[]", ": is empty; for example when: runsc < 20250820, or leave the key away for every release")]
    [InlineData("runsc", ": \"runsc\" is no comparison; for example when: runsc < 20250820")]
    [InlineData("'< 20250820'", ": \"< 20250820\" names no runtime; for example when: runsc < 20250820")]
    [InlineData("runsc == 20250820", ": \"==\" is no comparison; write one of < <= > >= = !=")]
    [InlineData("runsc <", ": \"\" is no release; write one as runsc --version tells it, such as 1.1.8 or 20250820")]
    [InlineData("runsc < soon", ": \"soon\" is no release; write one as runsc --version tells it, such as 1.1.8 or 20250820")]
    [InlineData("runsc < 20250820 < 20260101", ": \"20250820 < 20260101\" is no release; write one as runsc --version tells it, such as 1.1.8 or 20250820")]
    [InlineData("runc < 1.1.8", ": \"runc\" is none of the entry's runtimes; did you mean runsc?")]
    [InlineData("'runsc < 20250820, > 20250820'", ": no release of runsc can be all of that; write an entry for each range: all of one have to hold")]
    [InlineData("[runsc < 20250820, runsc ~ 2]", "[1]: \"runsc ~ 2\" is no comparison; for example when: runsc < 20250820", 47)]
    public void A_range_of_releases_that_cannot_be_meant_is_refused_with_its_place(string range, string message, int column = 28) => Assert.Equal(
        $"/work/runtime-matrix.yml:7:{column}: expect[0].when{message}",
        ProblemOf($"{Small}expect:\n- {{runtime: [runsc], when: {range}, result: error, reason: r}}").ToString());

    [Theory]
    [InlineData("runtime: [runc, runsc], when: runsc < 20250820", "says nothing of runc; name only the runtimes that it compares, as runtime: runsc")]
    [InlineData("probe: devices, when: runc < 1.1.8", "says nothing of runsc; name only the runtimes that it compares, as runtime: runsc")]
    [InlineData("runtime: [runsc, runc], when: podman < 5", "\"podman\" is none of the entry's runtimes; known are runsc, runc")]
    public void A_range_speaks_of_each_runtime_of_its_entry_and_of_no_other(string entry, string message) =>
        Assert.EndsWith($": expect[0].when: {message}", ProblemOf($"{Small}expect: [{{{entry}, result: error, reason: r}}]").ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("version: 1\n", "version: 2\n", "1:10: version: 2 is unknown; this program reads version 1")]
    [InlineData("version: 1\n", "version: '1'\n", "1:10: version: found the text \"1\", want a whole number; take the quotes away, for example version: 1")]
    [InlineData("version: 1\n", "", "1:1: version: is missing; write version: 1")]
    [InlineData("version: 1\n", "version:\n", "1:9: version: is missing; write version: 1")]
    [InlineData("runtimes: {runc: , runsc: }", "runtimes: {}", "2:11: runtimes: is empty; for example runtimes: {runc: {}}")]
    [InlineData("bundles: {empty: {}}", "bundles: ~", "4:10: bundles: is empty; for example bundles: {empty: {}}")]
    [InlineData("bundles: {empty: {}}", "", "1:1: bundles: is missing; for example bundles: {empty: {}}")]
    [InlineData("probes: [devices, seccomp]", "probes: []", "5:9: probes: is empty; for example probes: [all]")]
    [InlineData("probes: [devices, seccomp]", "probes: all", "5:9: probes: found the text \"all\", want a list; for example probes: [all]")]
    [InlineData("probes: [devices, seccomp]", "probes: [devices, all]", "5:19: probes[1]: devices is given twice, first on line 5; leave one of the two")]
    [InlineData("{runc: ,", "{a/b: {program: runc},",
        "2:12: runtimes.a/b: \"a/b\" is no name; write a letter or digit, then at most 63 letters, digits, dots, dashes or underscores")]
    [InlineData("{runc: ,", "{runc: {program: \"\"},", "2:28: runtimes.runc.program: found an empty text, want a program; write a name such as runc, or a path")]
    [InlineData("{runc: ,", "{runc: {program: -x},", "2:28: runtimes.runc.program: \"-x\" is no program; write a name such as runc, or a path")]
    [InlineData("{runc: ,", "{runc: {program: run c},", "2:28: runtimes.runc.program: the program holds white space or a control character; write a name such as runc, or a path")]
    [InlineData("{empty: {}}", "{empty: {rootfs: ''}}", "4:27: bundles.empty.rootfs: found an empty text, want a path; for example rootfs: DIRECTORY")]
    [InlineData("{open: {},", "{open: 5,", "3:17: configs.open: found 5, want a map; for example security: {pids_limit: 128}")]
    [InlineData("{open: {},", "{open: {security: {memory: 5m}},", "3:29: configs.open.security.memory: unknown key; known are cap_drop, cap_add, no_new_privileges, pids_limit, " +
        "readonly_rootfs, tmpfs, runtime, seccomp, masked_paths, readonly_paths, devices, network, egress")]
    public void A_section_that_cannot_be_meant_is_refused_with_its_place(string good, string bad, string message)
    {
        Assert.Contains(good, Small, StringComparison.Ordinal);
        Assert.Equal($"/work/runtime-matrix.yml:{message}", ProblemOf(Small.Replace(good, bad, StringComparison.Ordinal)).ToString());
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("# nothing\n", "the file is empty")]
    [InlineData("[]", "found a list, want a map")]
    [InlineData("version: 9\nruntime: {}\n", "9 is unknown")]
    public void A_text_that_is_no_matrix_of_our_version_is_refused_with_one_problem(string text, string what) =>
        Assert.Equal(what, ProblemOf(text).What);

    [Fact]
    public void A_mistake_in_a_config_file_is_told_with_its_place_there_and_in_the_order_of_the_matrix_file()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("c/bad.yaml", "\n\n\n\n\n\n\nsecurity: {pids_limit: many}\n");
        string path = directory.Write("m.yml", Small.Replace("open: {}", "open: {file: c/bad.yaml}", StringComparison.Ordinal) + "time_limit: 0s\n");
        ConfigException exception = Assert.Throws<ConfigException>(() => MatrixFileReader.Load(path));
        Assert.Equal(
            [
                $"{directory.Path}/c/bad.yaml:8:24: security.pids_limit: found the text \"many\", want a whole number; for example pids_limit: 128",
                $"{path}:6:13: time_limit: 0s is out of range; write more than 0 and at most 1h",
            ],
            exception.Problems.Select(problem => problem.ToString()));
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        ConfigException exception = Assert.Throws<ConfigException>(() => MatrixFileReader.Load("/nowhere/m.yml"));
        Assert.Equal("/nowhere/m.yml: no such file; name a matrix file", exception.Message);
    }

    [Fact]
    public void Any_damage_to_a_good_file_is_read_or_refused_in_words()
    {
        string text = File.ReadAllText(PathOf("every-key.yaml")).Replace("  from-file: {file: configs/strict.yaml}\n", "", StringComparison.Ordinal);
        Assert.NotEmpty(Parse(text).Cells);
        Gen<string> fragment = Gen.OneOf(
            "", "\n", "\n  ", "- ", "[", "]", "{", "}", ",", ": ", "~", "\"", "'", "<<: ", "*a", "&a ", "5", "all", "runc", "devices", "version: 1", "file: x", "\\0", "#");
        Gen.Select(Gen.Int[0, text.Length - 1], Gen.Int[0, 12], fragment).Sample(
            (place, cut, put) =>
            {
                try
                {
                    Assert.NotEmpty(Parse(text[..place] + put + text[Math.Min(text.Length, place + cut)..]).Cells);
                }
                catch (ConfigException exception)
                {
                    Assert.All(exception.Problems, problem => Assert.True(problem.What.Length > 0 && problem.Origin.Line > 0, problem.ToString()));
                    Assert.NotEmpty(exception.Problems);
                }
            },
            iter: 5_000);
    }
}
