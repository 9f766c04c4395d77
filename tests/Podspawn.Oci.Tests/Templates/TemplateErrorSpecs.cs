using Podspawn.Oci.Cli.Templates;
using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Tests.Templates;

/// <summary>A template that is wrong is refused in words, with the place, and nothing is printed.</summary>
public sealed class TemplateErrorSpecs
{
    [Theory]
    [InlineData("{{.Naem}}", 3, "has no field Naem; did you mean Name?")]
    [InlineData("{{.Name}} {{.State.Staus}}", 19, "State has no field Staus; did you mean Status?")]
    [InlineData("{{.Mounts.Source}}", 10, "is a list")]
    [InlineData("{{.Name.First}}", 8, "is a text, and has no field First")]
    [InlineData("{{.Nil.Deep}}", 7, "is nothing (nil)")]
    [InlineData("{{.Labels.com.example}}", 14, "index .Labels")]
    [InlineData("{{range .State}}{{end}}", 9, "range walks through a list or map")]
    [InlineData("{{index .Cmd 9}}", 3, "outside of a list of 3")]
    [InlineData("{{index .Cmd \"a\"}}", 3, "indexed by a number")]
    [InlineData("{{len .Number}}", 3, "len counts")]
    [InlineData("{{join .Name \",\"}}", 3, "join takes a list")]
    [InlineData("{{upper .Number}}", 3, "works on text")]
    [InlineData("{{eq .Name 1}}", 3, "is not compared with")]
    [InlineData("{{eq 1 1.0}}", 3, "is not compared with a fraction")]
    [InlineData("{{lt .State 1}}", 3, "orders numbers or texts")]
    [InlineData("{{slice .Name 2 1}}", 3, "outside")]
    [InlineData("{{printf \"%99999999d\" 1}}", 3, "width")]
    [InlineData("{{printf .Number}}", 3, "begins with its format")]
    [InlineData("{{.Name .Number}}", 9, "two values stand beside each other")]
    [InlineData("{{.Name | .Number}}", 11, "is a function")]
    public void What_is_not_there(string template, int column, string problem) => Refused(() => Template.Parse(template).Render(Given.Value), template, column, problem);

    [Theory]
    [InlineData("{{.Name", 1, "not closed")]
    [InlineData("{{", 1, "not closed")]
    [InlineData("{{}}", 3, "a value is missing")]
    [InlineData("{{.Name}}{{", 10, "not closed")]
    [InlineData("{{if .Name}}a", 3, "has no end")]
    [InlineData("{{if}}a{{end}}", 5, "a value is missing")]
    [InlineData("{{end}}", 3, "closes nothing")]
    [InlineData("{{else}}", 3, "closes nothing")]
    [InlineData("{{if .A}}{{else}}{{else}}{{end}}", 20, "an else already")]
    [InlineData("{{if .A}}{{end .B}}", 16, "nothing belongs here")]
    [InlineData("{{break}}", 3, "leaves no loop")]
    [InlineData("{{Name}}", 3, "a field has a dot before it: .Name")]
    [InlineData("{{jsn .Name}}", 3, "did you mean json?")]
    [InlineData("{{$x}}", 3, "there is no variable $x")]
    [InlineData("{{$x = 1}}", 3, "there is no variable $x")]
    [InlineData("{{$a, $b := .Name}}", 3, "only range")]
    [InlineData("{{(.Name}}", 3, "'(' is not closed")]
    [InlineData("{{.Name)}}", 8, "nothing belongs here")]
    [InlineData("{{\"abc}}", 3, "not closed")]
    [InlineData("{{`abc}}", 3, "not closed")]
    [InlineData("{{\"\\z\"}}", 4, "no escape")]
    [InlineData("{{.Name | }}", 11, "a value is missing")]
    [InlineData("{{.Name | \"a\"}}", 11, "name one")]
    [InlineData("{{1.2.3}}", 3, "no number")]
    [InlineData("{{nil}}", 3, "nil is no value")]
    [InlineData("{{.Name @}}", 9, "means nothing")]
    [InlineData("{{/* a }}", 3, "comment is not closed")]
    [InlineData("{{template \"a\"}}", 3, "not supported")]
    [InlineData("{{define \"a\"}}{{end}}", 3, "not supported")]
    [InlineData("{{.Name}}{{.Name.}}", 17, "a blank is missing")]
    public void What_is_no_template(string template, int column, string problem) => Refused(() => Template.Parse(template), template, column, problem);

    [Fact]
    public void Fields_that_no_row_has_are_refused_before_there_is_a_row()
    {
        string[] names = ["Name", "Status"];
        Refused(() => Template.Parse("{{if .Name}}{{upper .Stats}}{{end}}").Require("a row", names), "{{if .Name}}{{upper .Stats}}{{end}}", 21, "did you mean Status?");
        Refused(() => Template.Parse("{{range .}}{{.X}}{{end}}").Require("a row", names), "{{range .}}{{.X}}{{end}}", 14, "a row has no field X; there are Name, Status");
        // What is inside of with and range is another value's.
        Template.Parse("{{with .name}}{{.Other}}{{end}}{{range .Name}}{{.Other}}{{end}}").Require("a row", names);
    }

    [Fact]
    public void Depth_and_length_have_an_end()
    {
        string parentheses = $"{{{{{new string('(', 500)}.Name{new string(')', 500)}}}}}";
        Assert.Contains("parentheses", Assert.Throws<TemplateException>(() => Template.Parse(parentheses)).Message, StringComparison.Ordinal);
        string blocks = string.Concat(Enumerable.Repeat("{{if .Name}}", 500)) + string.Concat(Enumerable.Repeat("{{end}}", 500));
        Assert.Contains("blocks", Assert.Throws<TemplateException>(() => Template.Parse(blocks)).Message, StringComparison.Ordinal);
        string loops = string.Concat(Enumerable.Repeat("{{range $.Cmd}}", 60)) + "." + string.Concat(Enumerable.Repeat("{{end}}", 60));
        Assert.Contains("does not come to an end", Assert.Throws<TemplateException>(() => Given.Rendered(loops)).Message, StringComparison.Ordinal);
        string doubled = "{{$x := .Id}}" + string.Concat(Enumerable.Repeat("{{$x = print $x $x}}", 60)) + "{{$x}}";
        Assert.Contains("characters", Assert.Throws<TemplateException>(() => Given.Rendered(doubled)).Message, StringComparison.Ordinal);
    }

    // Each would take all memory or all time without a bound.
    [Theory]
    [InlineData("text that doubles", "{{$x := \"ab\"}}", "{{$x = print $x $x}}", 40, "", "the text has more than")]
    [InlineData("escapes that double", "{{$x := \"\\\"\"}}", "{{$x = json $x}}", 40, "", "the text has more than")]
    [InlineData("blanks", "{{$x := \"a\"}}", "{{$x = pad $x 1000000 1000000}}", 40, "", "the text has more than")]
    [InlineData("formats", "{{$f := \"%9999d\"}}", "{{$f = print $f $f}}", 12, "{{printf $f MANY}}", "the text has more than")]
    [InlineData("parts", "{{$x := \"ab\"}}", "{{$x = print $x $x}}", 20, "{{split $x \"\"}}", "parts")]
    [InlineData("variables", "", "{{$x := 1}}", 1100, "", "more than 1000 variables")]
    [InlineData("loops", "{{$l := split \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\" \"\"}}", "{{range $l}}", 12, "x{{end}}{{end}}{{end}}{{end}}{{end}}{{end}}{{end}}{{end}}{{end}}{{end}}{{end}}{{end}}",
        "does not come to an end")]
    [InlineData("work in a loop", "{{$x := \"ab\"}}", "{{$x = print $x $x}}", 20, "{{range split (slice $x 0 100000) \"\"}}{{$y := upper $x}}{{end}}", "does not come to an end")]
    [InlineData("a table", "table {{printf \"%9999s\" \"a\"}}\\tb", "\\na\\tb", 9000, "", "the table has more than")]
    public void What_would_take_all_memory_or_time(string about, string before, string again, int times, string behind, string problem)
    {
        Assert.NotEmpty(about);
        string template = before + string.Concat(Enumerable.Repeat(again, times)) + behind.Replace("MANY", string.Concat(Enumerable.Repeat("1 ", 4000)), StringComparison.Ordinal);
        Assert.Contains(problem, Assert.Throws<TemplateException>(() => Template.Parse(template).Render([Given.Value], headings: false)).Message, StringComparison.Ordinal);
    }

    private static void Refused(Action action, string template, int column, string problem)
    {
        TemplateException refused = Assert.Throws<TemplateException>(action);
        Assert.StartsWith($"--format, column {column} of '{template}': ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.LaunchFailed, refused.ExitStatus);
    }
}
