using System.Text;
using Podspawn.Oci.Errors;
using static Podspawn.Oci.Tests.Configuration.ConfigTestData;

namespace Podspawn.Oci.Tests.Configuration;

/// <summary>A hostile file costs little.</summary>
public sealed class ConfigBoundSpecs
{
    [Fact]
    public void An_alias_bomb_is_refused_at_the_alias_that_passes_the_bound()
    {
        Problem problem = ProblemOf(TextOf("alias-bomb.yaml"));
        Assert.StartsWith("there are more than 100000 values", problem.What, StringComparison.Ordinal);
        Assert.Equal(5, problem.Origin.Line);
    }

    [Fact]
    public void Sixty_four_levels_are_read_and_sixty_five_are_not()
    {
        string Nested(int levels) => $"log: {new string('[', levels - 1)}{new string(']', levels - 1)}";
        Assert.Empty(Parse(Nested(64)).Warnings);
        Assert.Contains("nested deeper than 64", ProblemOf(Nested(65)).What, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_by_aliases_counts_as_nesting()
    {
        var text = new StringBuilder("log:\n - &a0 []\n");
        for (int i = 1; i < 80; i++)
            text.Append(" - &a").Append(i).Append(" [*a").Append(i - 1).Append("]\n");
        Assert.Contains("nested deeper than 64", ProblemOf(text.ToString()).What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("log: &a [*a]")]
    [InlineData("log: [&a 1, &a [*a]]")]
    [InlineData("security: &a {<<: *a}")]
    public void An_anchor_that_contains_itself_is_refused(string text) =>
        Assert.Contains("contains itself", ProblemOf(text).What, StringComparison.Ordinal);

    [Fact]
    public void An_alias_without_an_anchor_is_refused() =>
        Assert.Equal("no anchor &nowhere stands before this alias", ProblemOf("security: {cap_add: *nowhere}").What);

    [Theory]
    [InlineData("security: {pids_limit: 5}\0security: {}", "U+0000")]
    [InlineData("security:\n  runtime: a\u001bb\n", "U+001B")]
    [InlineData("a: \uffff", "U+FFFF")]
    public void A_control_character_is_refused_and_ends_nothing_in_silence(string text, string name) =>
        Assert.Contains(name, ProblemOf(text).What, StringComparison.Ordinal);

    [Fact]
    public void Half_a_surrogate_pair_is_refused() => Assert.Contains("U+D800", ProblemOf("security: \ud800").What, StringComparison.Ordinal);

    [Fact]
    public void A_character_beyond_the_basic_plane_is_text() => Assert.Equal("\U0001F600", Security("security: {runtime: \U0001F600}").Runtime);

    [Fact]
    public void A_text_over_one_MiB_is_refused()
    {
        Assert.Empty(Parse(new string('#', 1 << 20)).Warnings);
        Assert.Equal("is larger than 1 MiB", ProblemOf(new string('#', (1 << 20) + 1)).What);
        Assert.Equal("is larger than 1 MiB", ProblemOf('#' + new string('é', 1 << 19)).What);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{")]
    [InlineData("- ")]
    [InlineData("? ")]
    [InlineData("&a ")]
    [InlineData("a: ")]
    [InlineData("[a,")]
    [InlineData("\"a\": ")]
    [InlineData("\"\\u")]
    [InlineData("--- ")]
    public void A_MiB_of_openings_is_refused(string opening)
    {
        string text = new StringBuilder().Insert(0, opening, (1 << 20) / opening.Length).ToString();
        Assert.Throws<ConfigException>(() => Parse(text));
    }
}
