using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using CsCheck;
using Podspawn.Oci.Matrix;
using Podspawn.Oci.Matrix.Reports;
using static Podspawn.Oci.Tests.Matrix.MatrixSamples;

namespace Podspawn.Oci.Tests.Matrix;

public sealed class JunitReportSpecs
{
    private static readonly Lazy<XmlSchemaSet> Schema = new(() =>
    {
        var schemas = new XmlSchemaSet();
        schemas.Add("", Path.Combine(AppContext.BaseDirectory, "Matrix", "Data", "junit.xsd"));
        schemas.Compile();
        return schemas;
    });

    [Fact]
    public void CI_systems_can_read_it() => Valid(Written(EveryKind()));

    [Fact]
    public void Every_runtime_config_and_bundle_is_a_suite_with_its_counts()
    {
        XElement root = Written(EveryKind()).Root!;

        Assert.Equal(("matrix", "7", "2", "2", "1.500"), (Value(root, "name"), Value(root, "tests"), Value(root, "failures"), Value(root, "errors"), Value(root, "time")));
        Assert.Equal(
            [("runc/default/empty", "3", "1", "0", "0.750"), ("runsc/default/empty", "2", "1", "1", "0.500"), ("runsc/locked-down/empty", "2", "0", "1", "0.500")],
            root.Elements("testsuite").Select(suite =>
                (Value(suite, "name"), Value(suite, "tests"), Value(suite, "failures"), Value(suite, "errors"), Value(suite, "time"))));
        Assert.All(root.Elements("testsuite"), suite => Assert.Equal("2026-07-01T12:30:05", Value(suite, "timestamp")));
        Assert.Contains(root.Descendants("property"), property => (Value(property, "name"), Value(property, "value")) == ("runtime", "runsc 1.1.5"));
    }

    [Fact]
    public void A_shortfall_is_a_failure_with_evidence_and_output()
    {
        XElement test = Case("matrix.runc.default.empty", "hello");

        XElement failure = Assert.Single(test.Elements("failure"));
        Assert.Equal("falls short, expected holds: exit status 3, not 0", Value(failure, "message"));
        Assert.Equal("falls short", Value(failure, "type"));
        Assert.Equal(
            "wish: exit status 0\nresult: falls short, expected holds\ncommand: sh -c exit 3\nexit status: 3\n"
            + "shortfalls:\n  exit status 3, not 0\nevidence:\n  exit status 3\n", failure.Value);
        Assert.Equal("partly\n", test.Element("system-out")!.Value);
        Assert.Equal("sh: no\n", test.Element("system-err")!.Value);
    }

    [Theory]
    [InlineData("matrix.runsc.default.empty", "seccomp", "error")]
    [InlineData("matrix.runsc.locked-down.empty", "pids_limit", "time limit")]
    public void A_cell_without_an_answer_is_an_error(string classname, string probe, string type)
    {
        XElement test = Case(classname, probe);

        Assert.Equal(type, Value(Assert.Single(test.Elements("error")), "type"));
        Assert.Empty(test.Elements("failure"));
    }

    [Fact]
    public void An_unexpected_pass_is_a_failure_that_says_so()
    {
        XElement failure = Assert.Single(Case("matrix.runsc.default.empty", "pids_limit").Elements("failure"));

        Assert.Equal("better than expected", Value(failure, "type"));
        Assert.StartsWith("holds, expected falls short (gVisor counts threads)", Value(failure, "message"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_known_difference_passes_with_its_reason()
    {
        XElement test = Case("matrix.runsc.locked-down.empty", "seccomp");

        Assert.Equal(["system-out"], test.Elements().Select(element => element.Name.LocalName));
        Assert.Contains("falls short, as expected (gVisor has its own filter)", test.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void An_expected_error_passes()
    {
        XDocument document = Written(Report(Cell(result: CellResult.Error, expected: CellResult.Error, reason: "no such feature")));

        Assert.Equal("0", Value(document.Root!, "errors"));
        Assert.Empty(document.Descendants("error"));
    }

    [Fact]
    public void The_dots_of_a_name_make_no_levels_of_their_own() =>
        Assert.Equal("matrix.runc-1_1.default.empty", Value(Written(Report(Cell("runc-1.1"))).Descendants("testcase").Single(), "classname"));

    [Fact]
    public void An_output_comes_back_as_it_was_but_for_what_XML_cannot_say()
    {
        CellReport cell = Cell(result: CellResult.FallsShort) with { Output = "a\r\nb\tc ]]> <&\u001b[0m \ud83d\ude00 \ud83d \ufffe\0" };

        Assert.Equal("a\r\nb\tc ]]> <&\uFFFD[0m \ud83d\ude00 \uFFFD \uFFFD\uFFFD", Written(Report(cell)).Descendants("system-out").Single().Value);
    }

    [Fact]
    public void Whatever_a_container_writes_the_report_is_valid_and_complete() => HostileReport.Sample(report =>
    {
        XDocument document = Written(report);
        Valid(document);
        Assert.Equal(report.Cells.Count, document.Descendants("testcase").Count());
        Assert.Equal(report.Unexpected, document.Descendants("failure").Count() + document.Descendants("error").Count());
    });

    private static XElement Case(string classname, string probe) => Written(EveryKind()).Descendants("testcase")
        .Single(test => Value(test, "classname") == classname && Value(test, "name") == probe);

    private static string? Value(XElement element, string attribute) => element.Attribute(attribute)?.Value;

    private static XDocument Written(MatrixReport report)
    {
        using var stream = new MemoryStream();
        JunitReport.Write(report, stream);
        stream.Position = 0;
        return XDocument.Load(stream, LoadOptions.PreserveWhitespace);
    }

    private static void Valid(XDocument document) => document.Validate(Schema.Value, (_, e) => throw new XmlException(e.Message));
}
