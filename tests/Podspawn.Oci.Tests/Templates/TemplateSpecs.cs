using Podspawn.Oci.Cli.Templates;

namespace Podspawn.Oci.Tests.Templates;

/// <summary>Templates print what Go's text/template prints, with the functions that docker and podman add.</summary>
public sealed class TemplateSpecs
{
    [Theory]
    [InlineData("text", "text")]
    [InlineData("{{.Name}}", "web")]
    [InlineData("{{ .Name }}", "web")]
    [InlineData("<{{.Name}}>{{.Number}}", "<web>42")]
    [InlineData("{{.State.Status}}", "running")]
    [InlineData("{{.Id}} {{.ID}} {{.id}}", "4bc5f1a2d3e6 4bc5 4bc5f1a2d3e6")]
    [InlineData("{{.state.status}} {{.STATE.PID}}", "running 99")]
    [InlineData("{{.Yes}} {{.No}} {{.Negative}} {{.Zero}}", "true false -7 0")]
    [InlineData("{{.Big}} {{.Half}} {{.Huge}} {{.Tiny}}", "18446744073709551615 0.5 1e+21 1e-05")]
    [InlineData("{{.Nil}}", "<nil>")]
    [InlineData("{{.Cmd}} {{.Numbers}} {{.None}} {{.Mixed}}", "[sh -c sleep 1] [3 1 2] [] [a 1 true <nil>]")]
    [InlineData("{{.Labels}} {{.NoLabels}}", "map[a:one b:two com.example.x:dotted] map[]")]
    [InlineData("{{.Labels.a}} {{.Labels.missing}}", "one <no value>")]
    [InlineData("{{index .Labels \"com.example.x\"}}<{{index .Labels \"missing\"}}>", "dotted<>")]
    [InlineData("{{.State}}", "{running 99 true <nil>}")]
    [InlineData("{{.Networks}}", "map[none:{ gw}]")]
    [InlineData("{{.Networks.none.Gateway}}", "gw")]
    [InlineData("{{(index .Networks \"none\").Gateway}} {{(index .Mounts 1).Source}}", "gw /s2")]
    [InlineData("{{.Umlaut}} {{len .Umlaut}}", "größe 7")]
    [InlineData("{{$.Name}}", "web")]
    [InlineData("{{print .Name}}{{/* not seen */}}", "web")]
    [InlineData("{{- /* not seen */ -}} x", "x")]
    [InlineData("a {{- .Name -}} b", "awebb")]
    [InlineData("a \n {{- .Name }} b", "aweb b")]
    [InlineData("{{.Name -}}\n\t b", "webb")]
    [InlineData(@"{{.Name}}\t{{.Number}}\n", "web\t42")]
    [InlineData("{{\"a\\tb\"}} {{`a\\tb`}}", "a\tb a\\tb")]
    [InlineData("{{\"\\u00e9\\x41\"}}", "éA")]
    [InlineData("{{42}} {{-3}} {{0x1F}} {{1_000}} {{1.5}} {{'a'}} {{true}}", "42 -3 31 1000 1.5 97 true")]
    [InlineData("{{3.0}} {{100000000.5}} {{1e3}}", "3 1.000000005e+08 1000")]
    [InlineData("{{1000000.0}} {{100000.5}} {{123456789.5}} {{1e21}} {{0.00001}}", "1e+06 100000.5 1.234567895e+08 1e+21 1e-05")]
    public void Values(string template, string text) => Assert.Equal(text + "\n", Given.Rendered(template));

    [Theory]
    [InlineData("{{if .Yes}}a{{end}}", "a")]
    [InlineData("{{if .No}}a{{else}}b{{end}}", "b")]
    [InlineData("{{if .No}}a{{else if .Zero}}b{{else if .Name}}c{{else}}d{{end}}", "c")]
    [InlineData("{{if .None}}a{{end}}{{if .Empty}}b{{end}}{{if .NoLabels}}c{{end}}{{if .Nil}}d{{end}}{{if .Labels.missing}}e{{end}}{{if .State}}f{{end}}", "f")]
    [InlineData("{{range .Cmd}}<{{.}}>{{end}}", "<sh><-c><sleep 1>")]
    [InlineData("{{range $i, $e := .Cmd}}{{$i}}={{$e}};{{end}}", "0=sh;1=-c;2=sleep 1;")]
    [InlineData("{{range $e := .Cmd}}{{$e}},{{end}}", "sh,-c,sleep 1,")]
    [InlineData("{{range $k, $v := .Labels}}{{$k}}={{$v}} {{end}}", "a=one b=two com.example.x=dotted ")]
    [InlineData("{{range .Labels}}{{.}} {{end}}", "one two dotted ")]
    [InlineData("{{range .None}}a{{else}}nothing in {{.Name}}{{end}}", "nothing in web")]
    [InlineData("{{range .Nil}}a{{else}}b{{end}}", "b")]
    [InlineData("{{range .Mounts}}{{.Source}}:{{.Destination}} {{$.Name}}\n{{end}}", "/s1:/d1 web\n/s2:/d2 web")]
    [InlineData("{{range .Numbers}}{{if eq . 1}}{{continue}}{{end}}{{.}}{{end}}", "32")]
    [InlineData("{{range .Numbers}}{{if eq . 1}}{{break}}{{end}}{{.}}{{end}}", "3")]
    [InlineData("{{range $i, $e := .Numbers}}{{if $i}},{{end}}{{$e}}{{end}}", "3,1,2")]
    [InlineData("{{with .State}}{{.Status}} {{$.Name}}{{end}}", "running web")]
    [InlineData("{{with .Nil}}a{{else}}b{{end}}{{with .Empty}}c{{else with .Name}}{{.}}{{end}}", "bweb")]
    [InlineData("{{with $s := .State}}{{$s.Pid}}{{end}}", "99")]
    [InlineData("{{$x := .Name}}{{$x}}{{$x = \"new\"}}{{$x}}", "webnew")]
    [InlineData("{{$n := 0}}{{range .Numbers}}{{if gt . $n}}{{$n = .}}{{end}}{{end}}{{$n}}", "3")]
    [InlineData("{{$x := 1}}{{if true}}{{$x := 2}}{{$x}}{{end}}{{$x}}", "21")]
    [InlineData("{{range .Cmd}}{{range $.Numbers}}{{.}}{{end}};{{end}}", "312;312;312;")]
    public void Blocks(string template, string text) => Assert.Equal(text + "\n", Given.Rendered(template));

    [Theory]
    [InlineData("{{json .Cmd}}", """["sh","-c","sleep 1"]""")]
    [InlineData("{{json .Quoted}}", """
        "say \"hi\"\t<b>"
        """)]
    [InlineData("{{json .Labels}}", """{"a":"one","b":"two","com.example.x":"dotted"}""")]
    [InlineData("{{json .State}} {{json .Nil}} {{json .Big}}", """{"Status":"running","Pid":99,"Running":true,"Health":null} null 18446744073709551615""")]
    [InlineData("{{.State | json}}", """{"Status":"running","Pid":99,"Running":true,"Health":null}""")]
    [InlineData("{{len .Cmd}} {{len .Labels}} {{len .Name}} {{len .None}}", "3 3 3 0")]
    [InlineData("{{index .Cmd 0}} {{index .Cmd 2}} {{index .Name 0}}", "sh sleep 1 119")]
    [InlineData("{{join .Cmd \" \"}}", "sh -c sleep 1")]
    [InlineData("{{join .Cmd \"\\n\"}}", "sh\n-c\nsleep 1")]
    [InlineData("{{split \"a,b,c\" \",\"}} {{len (split .Name \"\")}} {{index (split \"x:y\" \":\") 1}}", "[a b c] 3 y")]
    [InlineData("{{upper .Name}} {{lower \"ABC\"}} {{title \"hello big-world it's a_b\"}}", "WEB abc Hello Big-World It'S A_b")]
    [InlineData("{{.Name | upper | printf \"%s!\"}}", "WEB!")]
    [InlineData("{{truncate .Id 4}} {{truncate .Name 10}}", "4bc5 web")]
    [InlineData("<{{pad .Name 1 2}}><{{pad .Empty 1 2}}>", "< web  ><>")]
    [InlineData("{{slice .Id 0 4}} {{slice .Id 8}} {{slice .Cmd 1 3}}", "4bc5 d3e6 [-c sleep 1]")]
    [InlineData("{{print 1 2 .Name 3}} {{print .Name .Name}}", "1 2web3 webweb")]
    [InlineData("{{println .Name 1}}x", "web 1\nx")]
    [InlineData("{{eq .Name \"web\"}} {{eq .Name \"a\" \"web\"}} {{ne .Number 42}} {{eq .Yes true}} {{eq .Nil nil}}", "true true false true true")]
    [InlineData("{{lt 1 2}} {{le 2 2}} {{gt .Half 0.25}} {{ge \"b\" \"a\"}} {{lt .Number 42}}", "true true true true false")]
    [InlineData("{{and .Yes .Name}} {{and .No .Name}} {{or .Empty .Name}} {{or .Empty .Zero}} {{not .No}}", "web false web 0 true")]
    [InlineData("{{if and (eq .State.Status \"running\") (gt .State.Pid 1)}}up{{end}}", "up")]
    [InlineData("{{or .Yes (index .None 5)}} {{and .No (index .None 5)}}", "true false")]
    public void Functions(string template, string text) => Assert.Equal(text + "\n", Given.Rendered(template));

    [Theory]
    [InlineData("%s|%v|%d|%t", ".Name .Number .Number .Yes", "web|42|42|true")]
    [InlineData("%q %q", ".Quoted 97", "\"say \\\"hi\\\"\\t<b>\" 'a'")]
    [InlineData("%x %X %x %#x %o %b %c %U", "255 255 .Name 255 8 5 97 97", "ff FF 776562 0xff 10 101 a U+0061")]
    [InlineData("<%10s><%-10s><%5d><%-5d><%05d><%+d>", ".Name .Name .Number .Number .Number .Number", "<       web><web       ><   42><42   ><00042><+42>")]
    [InlineData("<%.2s><%5.1s><%.2f><%8.3f><%f>", ".Name .Name .Half .Half .Half", "<we><    w><0.50><   0.500><0.500000>")]
    [InlineData("%e %g %.3g %v", "1234.5678 .Half 1234.5678 1e21", "1.234568e+03 0.5 1.23e+03 1e+21")]
    [InlineData("%*d|%-*d|", "5 42 5 42", "   42|42   |")]
    [InlineData("%v %v %v", ".Cmd .Labels .State", "[sh -c sleep 1] map[a:one b:two com.example.x:dotted] {running 99 true <nil>}")]
    [InlineData("%+v", ".State", "{Status:running Pid:99 Running:true Health:<nil>}")]
    [InlineData("%s %q", ".Cmd .Cmd", "[sh -c sleep 1] [\"sh\" \"-c\" \"sleep 1\"]")]
    [InlineData("%T %T %T %T", ".Name .Number .Half .Yes", "string int float64 bool")]
    [InlineData("%d %s %t", ".Name .Number .Name", "%!d(string=web) %!s(int=42) %!t(string=web)")]
    [InlineData("%s %s", ".Name", "web %!s(MISSING)")]
    [InlineData("%s", ".Name 1", "web%!(EXTRA int=1)")]
    [InlineData("100%% %", "", "100% %!(NOVERB)")]
    [InlineData("%z", "1", "%!z(int=1)")]
    [InlineData("%v %g %.3g %e %8.3f", "1234567.5 0.5 1234.5678 1234.5678 0.5", "1.2345675e+06 0.5 1.23e+03 1.234568e+03    0.500")]
    [InlineData("%6.2f|%06.2f|%#q|%t %v %5t|", "3.14159 3.14159 .Name true false true", "  3.14|003.14|`web`|true false  true|")]
    [InlineData("%s %d %x %08.3f % d %+.2e", "true 1.5 -255 -3.5 5 12345.678", "%!s(bool=true) %!d(float64=1.5) -ff -003.500  5 +1.23e+04")]
    [InlineData("%v %s", ".Nil .Nil", "<nil> %!s(<nil>)")]
    public void Printf(string format, string arguments, string text) => Assert.Equal(text + "\n", Given.Rendered($"{{{{printf \"{format}\" {arguments}}}}}"));

    [Fact]
    public void A_table_has_headings_and_aligned_columns()
    {
        GoStruct other = Given.Of("""{ "ID": "0123456789abcdef", "Name": "a", "CreatedAt": "now", "Labels": { "x": "1" } }""");
        GoStruct first = Given.Of("""{ "ID": "4bc5", "Name": "web", "CreatedAt": "then", "Labels": { "x": "long value" } }""");
        Assert.Equal("""
            CONTAINER ID      NAME        CREATED AT  LABELS      NAME
            4bc5              web         then        long value  4
            0123456789abcdef  a           now         1           2

            """, Template.Parse(@"table {{.ID}}\t{{.Name}}\t{{.CreatedAt}}\t{{index .Labels ""x""}}\t{{if .Name}}{{len (print .Name 1)}}{{end}}").Render([first, other]));
        Assert.Equal("4bc5        web\n", Template.Parse("table {{.ID}} {{.Name}}").Render([first], headings: false));
        Assert.Equal("4bc5: web\n", Template.Parse("table {{.ID}}: {{.Name}}").Render([first], headings: false));
        Assert.Equal("4bc5\n", Template.Parse("table {{.ID}}").Render([first], headings: false));
        Assert.Equal("CONTAINER ID\n", Template.Parse("table {{.ID}}").Render([]));
    }

    [Fact]
    public void A_row_has_one_line_end()
    {
        GoStruct[] rows = [Given.Value, Given.Value];
        Assert.Equal("web\nweb\n", Template.Parse("{{.Name}}").Render(rows));
        Assert.Equal("web\nweb\n", Template.Parse("{{.Name}}\\n").Render(rows));
        Assert.Equal("web\nweb\n", Template.Parse("{{println .Name}}").Render(rows));
        Assert.Equal("", Template.Parse("{{.Name}}").Render([]));
    }

    [Fact]
    public void A_template_that_walks_through_the_rows_gets_all_of_them() =>
        Assert.Equal("web;web;\n", Template.Parse("{{range .}}{{.Name}};{{end}}").Require("a row", ["Name"]).Render([Given.Value, Given.Value]));

    [Theory]
    [InlineData("{{.Bad}}", @"a\u001b[31mb\u202ec\u009bd\u000ae")]
    [InlineData("{{print .Bad}}{{printf \"%s\" .Bad}}", @"a\u001b[31mb\u202ec\u009bd\u000aea\u001b[31mb\u202ec\u009bd\u000ae")]
    [InlineData("{{upper .Bad | printf \"%v\"}}", @"A\u001b[31MB\u202eC\u009bD\u000aE")]
    [InlineData("{{join (split .Bad \"b\") \"\\n\"}}", "a\\u001b[31m\n\\u202ec\\u009bd\\u000ae")]
    [InlineData("{{slice .Bad 0 2}}", @"a\u001b")]
    [InlineData("{{json .Bad}}", @"""a\u001B[31mb\u202ec\u009Bd\ne""")]
    [InlineData("{{printf \"%q\" .Bad}}", @"""a\x1b[31mb\u202ec\u009bd\ne""")]
    [InlineData("{{printf .Bad}}", @"a\u001b[31mb\u202ec\u009bd\u000ae")]
    public void What_a_terminal_would_interpret_is_escaped(string template, string text) => Assert.Equal(text + "\n", Given.Rendered(template));
}
