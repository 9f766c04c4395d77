using Podspawn.Oci.Configuration;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Matrix.Files;
using static Podspawn.Oci.Tests.Configuration.ConfigTestData;

namespace Podspawn.Oci.Tests.Configuration;

/// <summary>
/// A config that reads differently to its reviewer and to a parser, or to podspawn's YAML library (gopkg.in/yaml.v3) and to ours, is refused with its
/// position.
/// </summary>
public sealed class DeceptiveTextSpecs
{
    /// <summary>podspawn's library ends a line at each of these.</summary>
    public static TheoryData<string, string> LineEnds => new()
    {
        { "\u0085", "U+0085" }, { "\u2028", "U+2028" }, { "\u2029", "U+2029" }, { "\r", "U+000D" },
    };

    /// <summary>The marks, embeddings, overrides and isolates of the bidirectional algorithm (Unicode UAX 9).</summary>
    public static TheoryData<string> Turns =>
        [.. "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069".Select(c => c.ToString())];

    [Theory]
    [MemberData(nameof(LineEnds))]
    public void A_comment_does_not_go_on_as_a_key_that_no_editor_shows(string end, string name)
    {
        Problem problem = ProblemOf($"security:\n  # keep it tight{end}  cap_add: [ALL]\n  pids_limit: 5\n");
        Assert.Contains(name, problem.What, StringComparison.Ordinal);
        Assert.Contains("ends a line", problem.What, StringComparison.Ordinal);
        Assert.NotEmpty(problem.Hint);
        Assert.Equal((2, 18), (problem.Origin.Line, problem.Origin.Column));
    }

    [Theory]
    [MemberData(nameof(LineEnds))]
    public void A_hidden_line_end_is_refused_wherever_it_stands(string end, string name)
    {
        foreach (string text in new[]
        {
            $"security: {{}}{end}", $"{end}security: {{}}\n", $"security:{end}  pids_limit: 5\n", $"security: {{runtime: 'a{end}b'}}\n",
            $"security: {{runtime: \"a{end}  b\"}}\n", $"log: |\n  a{end}  b\n", $"log: a{end}security: {{cap_add: [ALL]}}\n", $"log: [a,{end} b]\n",
        })
        {
            Assert.Contains(name, ProblemOf(text).What, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Turns))]
    public void Nothing_turns_round_the_order_in_which_a_line_is_shown(string turn)
    {
        foreach (string text in new[] { $"# {turn}x\n", $"security: {{runtime: \"{turn}runc\"}}\n", $"log: a{turn}b\n" })
            Assert.Contains("changes the order", ProblemOf(text).What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("security: {}\n\ufeff")]
    [InlineData("\ufeff\ufeffsecurity: {}\n")]
    [InlineData("# x\n\ufeffsecurity: {}\n")]
    public void A_byte_order_mark_stands_at_the_beginning_only(string text) =>
        Assert.Contains("byte order mark", ProblemOf(text).What, StringComparison.Ordinal);

    [Theory]
    [InlineData("security:\r\n  pids_limit: 5 # a\r\n  runtime: 'a\r\n    b'\r\n")]
    [InlineData("\ufeffsecurity:\n  pids_limit: 5\n  runtime: a b\n")]
    [InlineData("# \u05e9\u05dc\u05d5\u05dd \u26a0\ufe0f \U0001f468\u200d\U0001f469 \u00a0\nsecurity:\n  pids_limit: 5\n  runtime: a b\n")]
    public void Line_ends_of_Windows_and_what_only_decorates_a_comment_are_read(string text)
    {
        SecurityConfig security = Security(text);
        Assert.Equal((5, "a b"), (security.PidsLimit, security.Runtime));
    }

    [Theory]
    [InlineData("sec\u200burity: {pids_limit: 5}", "sec\\u200burity", "U+200B")]
    [InlineData("\u3164\u3164\u3164\u3164: 5", "\\u3164\\u3164\\u3164\\u3164", "U+3164")]
    [InlineData("defaults: {mem\u00adory: 5m}", "defaults.mem\\u00adory", "U+00AD")]
    [InlineData("session: {max_lifetime\u2060: 5s}", "session.max_lifetime\\u2060", "U+2060")]
    [InlineData("log\u00a0: 5", "log\\u00a0", "U+00A0")]
    public void A_key_that_only_looks_like_one_that_is_honoured_is_refused(string text, string key, string name)
    {
        Problem problem = ProblemOf(text);
        Assert.Equal(key, problem.Key);
        Assert.Contains(name, problem.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("security: {cap_drop:, cap_add: [A]}")]
    [InlineData("security: {tmpfs: {/tmp:, /run: x}}")]
    [InlineData("security: {cap_drop:[ALL]}")]
    [InlineData("security: {cap_add: [?ALL]}")]
    [InlineData("{?security: {cap_add: [ALL]}}")]
    [InlineData("security: {cap_add: [:ALL]}")]
    public void What_two_readers_take_apart_differently_within_brackets_is_refused(string text) => Assert.NotEmpty(ProblemsOf(text));

    [Theory]
    [InlineData("pids_limit: !!null 5")]
    [InlineData("cap_drop: !!null ALL")]
    [InlineData("pids_limit: !!int x")]
    [InlineData("pids_limit: !!int 1.0")]
    [InlineData("runtime: !!int runc")]
    [InlineData("no_new_privileges: !!bool yes")]
    [InlineData("runtime: !!float runc")]
    public void A_value_that_is_not_what_its_tag_says_is_refused(string line) =>
        Assert.Contains("is not what its tag", ProblemOf($"security:\n  {line}\n").What, StringComparison.Ordinal);

    [Theory]
    [InlineData("pids_limit: !!int '5'")]
    [InlineData("pids_limit: !!int 0x5")]
    [InlineData("pids_limit: !!float 5")]
    [InlineData("pids_limit: 5\n  runtime: !!null")]
    [InlineData("pids_limit: 5\n  readonly_rootfs: !!bool false")]
    public void A_value_that_is_what_its_tag_says_is_read(string lines) => Assert.Equal(5, Security($"security:\n  {lines}\n").PidsLimit);

    [Fact]
    public void Of_two_anchors_of_one_name_the_one_that_begins_later_counts() =>
        Assert.Equal("k", Security("a: &a\n  &a k: v\nsecurity:\n  runtime: *a\n").Runtime);

    [Theory]
    [InlineData("log: &a.b 5")]
    [InlineData("log: [&a! 5]")]
    public void An_anchor_is_named_by_letters_digits_dashes_and_underscores(string text) =>
        Assert.Contains("anchor", ProblemOf(text).What, StringComparison.Ordinal);

    [Fact]
    public void A_matrix_file_is_held_to_the_same() =>
        Assert.Contains("runtime-matrix.yml:1:4: the separator U+2028",
            Assert.Throws<ConfigException>(() => MatrixFileReader.Parse("# x\u2028probes: [all]\n", "runtime-matrix.yml")).Message, StringComparison.Ordinal);
}
