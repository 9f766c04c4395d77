using System.Globalization;
using System.Text;
using System.Xml;

namespace Podspawn.Oci.Matrix.Reports;

/// <summary>
/// A report as the JUnit XML that CI systems read: the common subset of
/// https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd and
/// https://github.com/windyroad/JUnit-Schema. An unexpected result is a failure, a cell without an answer an error; a known difference passes.
/// </summary>
public static class JunitReport
{
    private const string Name = "matrix";

    /// <summary>Writes a report; the stream stays open.</summary>
    public static void Write(MatrixReport report, Stream stream)
    {
        using XmlWriter xml = XmlWriter.Create(stream, new XmlWriterSettings
        {
            Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            Indent = true,
            NewLineChars = "\n",
            // So that a carriage return in an output is read back as one.
            NewLineHandling = NewLineHandling.Entitize,
        });
        xml.WriteStartElement("testsuites");
        Attribute(xml, "name", Name);
        Totals(xml, report.Cells, report.Seconds, withSkipped: false);
        foreach (IGrouping<(string, string, string), CellReport> suite in report.Cells.GroupBy(cell => (cell.Runtime, cell.Config, cell.Bundle)))
            Suite(xml, report, [.. suite]);
        xml.WriteEndElement();
    }

    private static void Suite(XmlWriter xml, MatrixReport report, CellReport[] cells)
    {
        CellReport first = cells[0];
        xml.WriteStartElement("testsuite");
        Attribute(xml, "name", $"{first.Runtime}/{first.Config}/{first.Bundle}");
        Totals(xml, cells, cells.Sum(cell => cell.Seconds), withSkipped: true);
        // UTC without a zone: the stricter of the schemas does not permit one.
        Attribute(xml, "timestamp", report.Started.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture));

        xml.WriteStartElement("properties");
        if (report.Runtimes.FirstOrDefault(runtime => runtime.Name == first.Runtime) is { } runtime)
            Property(xml, "runtime", runtime.Version);
        Property(xml, "kernel", report.Host.Kernel);
        Property(xml, "architecture", report.Host.Architecture);
        Property(xml, "cgroups", report.Host.Cgroups);
        xml.WriteEndElement();

        foreach (CellReport cell in cells)
            Case(xml, cell);
        xml.WriteEndElement();
    }

    private static void Case(XmlWriter xml, CellReport cell)
    {
        xml.WriteStartElement("testcase");
        Attribute(xml, "classname", $"{Name}.{Level(cell.Runtime)}.{Level(cell.Config)}.{Level(cell.Bundle)}");
        Attribute(xml, "name", cell.Probe);
        Attribute(xml, "time", Seconds(cell.Seconds));
        if (!cell.AsExpected)
            Unexpected(xml, cell);
        else if (CellWords.IsKnownDifference(cell))
            Element(xml, "system-out", Body(cell));
        xml.WriteEndElement();
    }

    private static void Unexpected(XmlWriter xml, CellReport cell)
    {
        xml.WriteStartElement(IsError(cell) ? "error" : "failure");
        Attribute(xml, "message", cell.Shortfalls.Count == 0 ? CellWords.Verdict(cell) : $"{CellWords.Verdict(cell)}: {cell.Shortfalls[0]}");
        Attribute(xml, "type", CellWords.IsBetterThanExpected(cell) ? "better than expected" : CellWords.Of(cell.Result));
        xml.WriteString(XmlText.Clean(Body(cell)));
        xml.WriteEndElement();
        if (!string.IsNullOrEmpty(cell.Output))
            Element(xml, "system-out", cell.Output);
        if (cell.Errors.Length > 0)
            Element(xml, "system-err", cell.Errors);
    }

    private static string Body(CellReport cell) => string.Join('\n', CellWords.Details(cell)) + "\n";

    private static bool IsError(CellReport cell) => cell.Result is CellResult.Error or CellResult.TimeLimit;

    private static void Totals(XmlWriter xml, IReadOnlyCollection<CellReport> cells, double seconds, bool withSkipped)
    {
        Attribute(xml, "tests", Number(cells.Count));
        Attribute(xml, "failures", Number(cells.Count(cell => !cell.AsExpected && !IsError(cell))));
        Attribute(xml, "errors", Number(cells.Count(cell => !cell.AsExpected && IsError(cell))));
        // Excluded combinations are not cells; so nothing is ever skipped.
        if (withSkipped)
            Attribute(xml, "skipped", "0");
        Attribute(xml, "time", Seconds(seconds));
    }

    // CI systems split a class name at its dots, and a version's dots would add levels.
    private static string Level(string name) => name.Replace('.', '_');

    private static void Property(XmlWriter xml, string name, string value)
    {
        xml.WriteStartElement("property");
        Attribute(xml, "name", name);
        Attribute(xml, "value", value);
        xml.WriteEndElement();
    }

    private static void Element(XmlWriter xml, string name, string text) => xml.WriteElementString(name, XmlText.Clean(text));

    private static void Attribute(XmlWriter xml, string name, string value) => xml.WriteAttributeString(name, XmlText.Clean(value));

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
