using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Podspawn.Oci.Matrix;
using Podspawn.Oci.Matrix.Reports;
using static Podspawn.Oci.Tests.Matrix.MatrixSamples;

namespace Podspawn.Oci.Tests.Matrix;

public sealed partial class MarkdownReportSpecs
{
    [Fact]
    public void It_opens_with_the_totals()
    {
        string[] lines = Written(EveryKind()).Split('\n');

        Assert.Equal("# ❌ Runtime matrix", lines[0]);
        Assert.Equal("**7 cells, 3 as expected (2 known differences), 4 unexpected**", lines[2]);
        Assert.Equal("# ✅ Runtime matrix", Written(Report(Cell())).Split('\n')[0]);
    }

    [Fact]
    public void Each_config_has_a_table_of_marks_with_words() => Assert.Contains(
        """
        ### Config <code>default</code>

        | probe | runc | runsc |
        | --- | --- | --- |
        | pids&#95;limit | ✅ holds | ❌ holds |
        | seccomp | ≈ holds differently | ❌ error |
        | hello | ❌ falls short | – |

        """, Written(EveryKind()), StringComparison.Ordinal);

    [Fact]
    public void Each_unexpected_cell_unfolds_to_its_evidence_and_output() => Assert.Contains(
        """
        <details>
        <summary>❌ <code>runc/default/empty/hello</code>: falls short, expected holds</summary>

        ```text
        wish: exit status 0
        result: falls short, expected holds
        command: sh -c exit 3
        exit status: 3
        shortfalls:
          exit status 3, not 0
        evidence:
          exit status 3
        ```

        Standard output:

        ```text
        partly
        ```

        Standard error:

        ```text
        sh: no
        ```

        </details>

        """, Written(EveryKind()), StringComparison.Ordinal);

    [Fact]
    public void Known_differences_are_grouped_by_what_they_say()
    {
        string text = Written(Report(
            Cell("runsc", probe: "a", result: CellResult.FallsShort, expected: CellResult.FallsShort, reason: "its own kernel"),
            Cell("runsc", probe: "b"),
            Cell("runsc", probe: "c", result: CellResult.FallsShort, expected: CellResult.FallsShort, reason: "its own kernel")));

        Assert.EndsWith(
            "\n## Known differences\n\n- ≈ **falls short**: its own kernel<br><code>runsc/default/empty/a</code>, <code>runsc/default/empty/c</code>\n",
            text, StringComparison.Ordinal);
        Assert.DoesNotContain("## Unexpected", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a|b", "a&#124;b")]
    [InlineData("a\\|b", "a&#92;&#124;b")]
    [InlineData("ask @octocat", "ask &#64;<!-- -->octocat")]
    [InlineData("see https://a.example", "see https&#58;<!-- -->&#47;/a.example", "see https&#58;<!-- -->//a.example")]
    [InlineData("www.a.example", "www<!-- -->.a.example")]
    [InlineData("fixes #12", "fixes &#35;<!-- -->12")]
    [InlineData("[x](y) ![z](y)", "&#91;x&#93;(y) &#33;&#91;z&#93;(y)")]
    [InlineData("<b>&amp;`*_~$", "&#60;b&#62;&#38;amp&#59;&#96;&#42;&#95;&#126;&#36;", "&#60;b&#62;&#38;amp;&#96;&#42;&#95;&#126;&#36;")]
    [InlineData("one\r\n\r\n# two", "one  &#35;<!-- --> two")]
    public void Text_is_shown_as_it_is(string text, params string[] escaped) => Assert.Contains(MarkdownText.Inline(text), escaped);

    [Fact]
    public void A_fence_is_longer_than_any_run_of_backticks_in_it()
    {
        Assert.Equal("`````text\na ```` b\n```\n`````\n", MarkdownText.Fenced(["a ```` b\r\n```"], 10));
        Assert.Equal("```text\na\n... and 2 more lines\n```\n", MarkdownText.Fenced(["a\nb", "c"], 1));
    }

    [Fact]
    public void It_stays_below_what_a_job_summary_may_have()
    {
        CellReport[] cells = [.. Enumerable.Range(0, 400).Select(i =>
            Cell(probe: $"p{i}", result: CellResult.FallsShort) with { Evidence = [.. Enumerable.Repeat(new string('é', 300), 50)] })];

        string text = Written(Report(cells));

        Assert.InRange(Encoding.UTF8.GetByteCount(text), 500_000, 1 << 20);
        Assert.Matches("\nToo long for a summary: [0-9]+ more sections; the JSON has them all.\n$", text);
        Assert.Contains("| p399 | ❌ falls short |", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_a_container_writes_it_stays_in_its_place() => HostileReport.Sample(report =>
    {
        List<string> outside = OutsideOfFences(Written(report));
        int columns = report.Runtimes.Count + 1;
        Assert.Equal(report.Unexpected, outside.Count(line => line == "<details>"));
        Assert.Equal(report.Unexpected, outside.Count(line => line == "</details>"));
        Assert.Equal(report.Probes.Count + 2, outside.Count(line => line.StartsWith('|')));
        foreach (string line in outside)
        {
            Assert.Matches(OurStarts(), line);
            if (line.StartsWith('|'))
                Assert.Equal(columns + 1, line.Count(c => c == '|'));
            if (line.StartsWith("<summary>", StringComparison.Ordinal))
                Assert.Matches(Summary(), line);
            else
                Assert.DoesNotMatch(Breakout(), OurTags().Replace(line, "\u0001"));
        }
    });

    // By CommonMark (§4.5): a fence ends at the first line that consists of backticks, at least as many as opened it.
    private static List<string> OutsideOfFences(string markdown)
    {
        var outside = new List<string>();
        int fence = 0;
        foreach (string line in markdown.Split('\n'))
        {
            string content = line.Trim(' ');
            bool ticks = content.Length >= 3 && content.Trim('`').Length == 0;
            if (fence == 0 && FenceStart().Match(line) is { Success: true } start)
                fence = start.Groups[1].Length;
            else if (fence > 0 && ticks && content.Length >= fence)
                fence = 0;
            else if (fence == 0 && line.Length > 0)
                outside.Add(line);
        }

        Assert.Equal(0, fence);
        return outside;
    }

    private static string Written(MatrixReport report)
    {
        using var writer = new StringWriter();
        MarkdownReport.Write(report, writer);
        return writer.ToString();
    }

    [GeneratedRegex("^(`{3,})text$")]
    private static partial Regex FenceStart();

    [GeneratedRegex(@"^(# [✅❌] Runtime matrix$|\*\*\d|Took |- Host: |- Runtime <code>|✅ holds, |### Config <code>|\| |## (Unexpected|Known differences)$|</?details>$|<summary>❌ <code>|Standard (output|error):$|- ≈ \*\*)")]
    private static partial Regex OurStarts();

    // Markdown is not parsed in an HTML block, and text in code is never a mention.
    [GeneratedRegex("^<summary>❌ <code>([^<>&]|&(amp|lt|gt);)*</code>: [a-z ]+, expected [a-z ]+</summary>$")]
    private static partial Regex Summary();

    [GeneratedRegex("^</?details>$|</?code>|<br>|<!-- -->")]
    private static partial Regex OurTags();

    // Markup; an entity that begins a mention, a number or an address without a break after it; an address in plain text.
    [GeneratedRegex(@"[<>`@\\\[\]_~$!{}]|&#(64|35|58);(?!\x01)|://|www\.|&(?!#\d+;)", RegexOptions.IgnoreCase)]
    private static partial Regex Breakout();
}
