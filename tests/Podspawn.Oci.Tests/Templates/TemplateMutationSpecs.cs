using System.Text;
using Podspawn.Oci.Cli.Templates;
using Podspawn.Oci.Tests.Fuzzing;

namespace Podspawn.Oci.Tests.Templates;

/// <summary>Whatever a template is, it is filled in or refused in words.</summary>
public sealed class TemplateMutationSpecs
{
    private const int Changes = 40_000;

    // Every word of the language, so that changes meet all of it.
    private static readonly byte[][] Inputs =
    [
        .. new[]
        {
            "{{.ID}}\\t{{.Name}}\\n", "table {{.ID}}\\t{{.State.Status}}", "{{range $i, $e := .Cmd}}{{if $i}},{{end}}{{$e}}{{else}}none{{end}}",
            "{{with $s := .State}}{{$s.Pid}}{{else with .Name}}{{.}}{{end}}", "{{if and (eq .Name \"web\") (gt .Number 1) | not}}a{{else if or .No .Yes}}b{{end}}",
            "{{json .}}{{- /* no */ -}}{{len .Labels}}{{index .Labels \"a\"}}{{(index .Mounts 0).Source}}", "{{printf \"%-10s|%5.2f|%q|%x|%+v|%*d\" .Name .Half .Quoted .Number .State 5 .Big}}",
            "{{$x := .Cmd}}{{range $x}}{{if eq . \"sh\"}}{{continue}}{{end}}{{break}}{{end}}{{$x = 3}}", "{{join (split .Name \"e\") `-` | upper | title | lower}}{{pad .Name 1 2}}",
            "{{truncate .Id 3}}{{slice .Id 1 3}}{{print 1 0x1F 1.5e3 'a' true nil}}{{println .Bad}}", "{{.Bad}}{{.Labels}}{{.Networks.none.Gateway}}{{\"\\u00e9\\x41\\n\"}}",
        }.Select(text => Encoding.UTF8.GetBytes(text)),
    ];

    [Fact]
    public void It_is_filled_in_or_refused_in_words()
    {
        var mutation = new Mutation(seed: 14);
        int filled = 0;
        for (int i = 0; i < Changes; i++)
        {
            string template = Encoding.UTF8.GetString(mutation.Of(Inputs[i % Inputs.Length], Inputs[i / Inputs.Length % Inputs.Length]));
            try
            {
                Template.Parse(template).Require("the value", [.. Given.Value.Names]).Render([Given.Value]);
                filled++;
            }
            catch (TemplateException e)
            {
                Assert.StartsWith("--format, column ", e.Message, StringComparison.Ordinal);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"change {i}, {template}: {e.Message}", e);
            }
        }
        Assert.InRange(filled, Changes / 50, Changes);
    }
}
