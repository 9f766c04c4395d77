using Podspawn.Oci.Errors;
using static Podspawn.Oci.Tests.Configuration.ConfigTestData;

namespace Podspawn.Oci.Tests.Configuration;

/// <summary>What is refused, and with which message: the table "Loading the config", the rows that are errors.</summary>
public sealed class ConfigMistakeSpecs
{
    [Fact]
    public void Every_mistake_is_told_in_the_order_of_the_file()
    {
        IReadOnlyList<Problem> problems = ProblemsOf(TextOf("every-mistake.yaml"), "every-mistake.yaml");
        Assert.Equal(TextOf("every-mistake.expected.txt").TrimEnd().Split('\n'), problems.Select(problem => problem.ToString()));
    }

    [Fact]
    public void What_cannot_be_read_and_what_will_not_do_are_told_together_in_the_order_of_the_file()
    {
        IReadOnlyList<Problem> problems = ProblemsOf(
            "defaults:\n  memory: 5m\n  cpus: many\nsecurity:\n  cap_add: [CHOWN, ~, CHWON]\n  pids_limit: 4194305\n  runtime: [runc]\n  tmpfs: {relative: ''}\n"
            + "session: {max_lifetime: 0.5s}\n");
        Assert.Equal(
            [
                (2, "defaults.memory"), (3, "defaults.cpus"), (5, "security.cap_add[1]"), (5, "security.cap_add[2]"), (6, "security.pids_limit"), (7, "security.runtime"),
                (8, "security.tmpfs.relative"), (9, "session.max_lifetime"),
            ],
            problems.Select(problem => (problem.Origin.Line, problem.Key)));
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("0.5s")]
    [InlineData("30000d")]
    public void A_life_that_cannot_be_timed_is_refused(string written) =>
        Assert.Equal("session.max_lifetime", ProblemOf($"session: {{max_lifetime: {written}}}").Key);

    [Theory]
    [InlineData("1.5", "found 1.5, want a whole number")]
    [InlineData("-2", "-2 is below -1")]
    [InlineData("\"256\"", "found the text \"256\", want a whole number")]
    [InlineData("!!str 256", "found the text \"256\", want a whole number")]
    [InlineData("9223372036854775808", "9223372036854775808 is out of range")]
    [InlineData("-9223372036854775809", "-9223372036854775809 is out of range")]
    [InlineData("99999999999999999999999999999999999", "99999999999999999999999999999999999 is out of range")]
    [InlineData("1e400", "1e400 is out of range")]
    [InlineData("1e-400", "1e-400 is out of range")]
    [InlineData(".inf", "found the text \".inf\", want a whole number")]
    [InlineData("0x", "found the text \"0x\", want a whole number")]
    [InlineData("1 2", "found the text \"1 2\", want a whole number")]
    [InlineData("true", "found true, want a whole number")]
    [InlineData("[5]", "found a list, want a whole number")]
    [InlineData("{a: 5}", "found a map, want a whole number")]
    [InlineData("!!binary NQ==", "found binary data, want a whole number")]
    public void A_wrong_integer_is_refused_where_it_stands(string written, string what)
    {
        Problem problem = ProblemOf($"security:\n  pids_limit: {written}\n");
        Assert.Equal("security.pids_limit", problem.Key);
        Assert.Equal(what, problem.What);
        Assert.NotEmpty(problem.Hint);
        Assert.Equal(new Origin("/etc/podspawn/config.yaml", 2, 15), problem.Origin);
    }

    [Theory]
    [InlineData("\"true\"")]
    [InlineData("1")]
    [InlineData("tRue")]
    [InlineData("[true]")]
    [InlineData("\"\"")]
    public void A_wrong_truth_value_is_refused(string written)
    {
        Problem problem = ProblemOf($"security: {{readonly_rootfs: {written}}}");
        Assert.Equal("security.readonly_rootfs", problem.Key);
        Assert.EndsWith("want true or false", problem.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cap_add: NET_RAW", "security.cap_add")]
    [InlineData("cap_drop: {NET_RAW: true}", "security.cap_drop")]
    [InlineData("cap_drop: \"\"", "security.cap_drop")]
    [InlineData("cap_drop: [ALL, ~]", "security.cap_drop[1]")]
    [InlineData("cap_drop: [ALL, {a: b}]", "security.cap_drop[1]")]
    [InlineData("tmpfs: /tmp", "security.tmpfs")]
    [InlineData("tmpfs: {/tmp: [size=5m]}", "security.tmpfs./tmp")]
    [InlineData("tmpfs: {~: size=5m}", "security.tmpfs.~")]
    [InlineData("runtime: [runsc]", "security.runtime")]
    [InlineData("runtime: \"run\\0c\"", "security.runtime")]
    [InlineData("seccomp: \"\"", "security.seccomp")]
    [InlineData("seccomp: \"a\\0b\"", "security.seccomp")]
    [InlineData("masked_paths: ~x", "security.masked_paths")]
    [InlineData("<<: 5", "security.<<")]
    [InlineData("<<: [{}, 5]", "security.<<")]
    [InlineData("'': 5", "security.")]
    public void A_value_of_the_wrong_shape_is_refused(string line, string key) => Assert.Equal(key, ProblemOf($"security:\n  {line}\n").Key);

    [Theory]
    [InlineData("cap_dropp", "did you mean cap_drop?")]
    [InlineData("Cap_Add", "did you mean cap_add?")]
    [InlineData("cap-drop", "did you mean cap_drop?")]
    [InlineData("read_only_rootfs", "did you mean readonly_rootfs?")]
    [InlineData("no_new_privs", "did you mean no_new_privileges?")]
    [InlineData("pid_limit", "did you mean pids_limit?")]
    public void An_unknown_key_inside_the_security_section_is_refused_with_its_line_and_a_suggestion(string key, string mend)
    {
        Problem problem = ProblemOf($"# remark\nsecurity:\n  runtime: runc\n  {key}: 5\n");
        Assert.Equal($"security.{key}", problem.Key);
        Assert.Equal(mend, problem.Hint);
        Assert.Equal(4, problem.Origin.Line);
    }

    [Theory]
    [InlineData("Security")]
    [InlineData("SECURITY")]
    [InlineData("securty")]
    public void A_mistyped_security_section_is_refused(string key) => Assert.Equal("did you mean security?", ProblemOf($"{key}: {{}}").Hint);

    [Theory]
    [InlineData("5")]
    [InlineData("[]")]
    [InlineData("- security: {}")]
    [InlineData("security: []")]
    [InlineData("security: none")]
    [InlineData("defaults: 5")]
    public void A_section_that_is_no_map_is_refused(string text) =>
        Assert.EndsWith("want a map", ProblemOf(text).What, StringComparison.Ordinal);

    [Theory]
    [InlineData("security: {}\nsecurity: {}\n", "security", 2)]
    [InlineData("security:\n  tmpfs:\n    /tmp: a\n    '/tmp': b\n", "security.tmpfs./tmp", 4)]
    [InlineData("log:\n  file: a\n  file: b\n", "log.file", 3)]
    [InlineData("auth: [{a: 1,\n a: 2}]\n", "auth[0].a", 2)]
    public void A_duplicate_key_is_refused_anywhere_with_both_lines(string text, string key, int line)
    {
        Problem problem = ProblemOf(text);
        Assert.Equal(key, problem.Key);
        Assert.Equal(line, problem.Origin.Line);
        Assert.Contains("twice, first on line", problem.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("security: {}\n---\n")]
    [InlineData("---\n---\nsecurity: {pids_limit: 5}\n")]
    [InlineData("security: {}\n...\nsecurity: {}\n")]
    public void A_second_document_is_refused(string text) =>
        Assert.Contains("second document", ProblemOf(text).What, StringComparison.Ordinal);

    [Theory]
    [InlineData("security:\n\tpids_limit: 5\n", 2)]
    [InlineData("security:\n  cap_add:\n\t- X\n", 3)]
    [InlineData("security:\n  cap_add:\n    - X\n\t- Y\n", 4)]
    [InlineData("security:\n  runtime: runc\n\tpids_limit: 5\n", 3)]
    [InlineData("\tsecurity: {}\n", 1)]
    [InlineData("security:\n  \truntime: runc\n", 2)]
    public void A_tab_for_indentation_is_named(string text, int line)
    {
        Problem problem = ProblemOf(text);
        Assert.Equal("the line is indented with a tab", problem.What);
        Assert.Equal(line, problem.Origin.Line);
    }

    [Fact]
    public void A_tab_inside_braces_or_after_a_dash_is_no_indentation() =>
        Assert.Equal(["A", "B"], Security("security: {\n\tcap_add: [A,\n\t\tB]}\n").CapAdd);

    [Theory]
    [InlineData("security: [a, b\n")]
    [InlineData("security: 'x\n")]
    [InlineData("security: {pids_limit: 5\n")]
    [InlineData("a: b: c\n")]
    [InlineData("- a\nb: 1\n")]
    [InlineData("a: @x\n")]
    [InlineData("a: \"\\UFFFFFFFF\"\n")]
    [InlineData("a: \"\\q\"\n")]
    [InlineData("a: !x!y q\n")]
    [InlineData("%YAML 9.9\n---\na: 1\n")]
    public void A_text_that_is_no_YAML_is_refused_with_its_place(string text)
    {
        Problem problem = ProblemOf(text);
        Assert.StartsWith("is not valid YAML", problem.What, StringComparison.Ordinal);
        Assert.True(problem.Origin.Line >= 1);
        Assert.False(problem.What.EndsWith('.'));
    }

    [Fact]
    public void What_was_found_before_a_syntax_error_is_told_as_well()
    {
        IReadOnlyList<Problem> problems = ProblemsOf("log: {a: 1, a: 2}\nsecurity: [\n");
        Assert.Equal(["log.a", ""], problems.Select(problem => problem.Key));
    }

    [Fact]
    public void A_message_carries_no_control_characters_from_the_file()
    {
        Problem problem = ProblemOf("security: {\"\\e[31m\\u202e\": 5}");
        Assert.Equal("security.\\u001b[31m\\u202e", problem.Key);
    }

    [Theory]
    [InlineData("\"2\"")]
    [InlineData("-1")]
    [InlineData("0.001")]
    [InlineData("1000001")]
    [InlineData(".nan")]
    [InlineData("1e-40")]
    [InlineData("two")]
    public void A_wrong_number_of_cores_is_refused(string written) =>
        Assert.Equal("defaults.cpus", ProblemOf($"defaults: {{cpus: {written}}}").Key);

    [Theory]
    [InlineData("-1")]
    [InlineData("-1g")]
    [InlineData("5m")]
    [InlineData("0.5")]
    [InlineData("1x")]
    [InlineData("99999999999g")]
    [InlineData("[2g]")]
    public void A_wrong_size_of_memory_is_refused(string written) =>
        Assert.Equal("defaults.memory", ProblemOf($"defaults: {{memory: {written}}}").Key);
}
