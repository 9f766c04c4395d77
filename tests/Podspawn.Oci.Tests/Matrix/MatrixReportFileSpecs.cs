using System.Text;
using CsCheck;
using Podspawn.Oci.Matrix;
using Podspawn.Oci.Matrix.Reports;
using static Podspawn.Oci.Tests.Matrix.MatrixSamples;

namespace Podspawn.Oci.Tests.Matrix;

public sealed class MatrixReportFileSpecs : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void What_was_written_is_read()
    {
        byte[] json = MatrixJson.Serialize(EveryKind());

        Assert.Equal(json, MatrixJson.Serialize(MatrixReportFile.Read(Write(json))));
        Assert.Equal(json, MatrixJson.Serialize(MatrixReportFile.Read(Write([0xef, 0xbb, 0xbf, .. json]))));
    }

    [Theory]
    [InlineData("", ":1:1: is not a matrix report")]
    [InlineData("{\n \"file\": \"a\",\n oops", ":3:2: is not a matrix report")]
    [InlineData("[]", ": has no version")]
    [InlineData("{}", ": has no version")]
    [InlineData("{\"version\":\"1\"}", ": has no version")]
    [InlineData("{\"file\":{\"version\":1}}", ": has no version")]
    public void What_is_no_report_is_refused_with_its_place(string text, string place) =>
        Assert.Equal($"{Name}{place}; give a file that matrix --json wrote", Refusal(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("\"version\":1", "\"version\":2", ": has version 2, and only version 1 is known; run that matrix again")]
    [InlineData("\"jobs\":2,", "", ": is not a matrix report;")]
    [InlineData("\"kernel\":\"6.1.0-18-amd64\",", "", ": host: is not a matrix report;")]
    [InlineData("\"result\":\"holds\"", "\"result\":\"perhaps\"", ": cells[0].result: is not a matrix report;")]
    [InlineData("\"result\":\"holds\"", "\"result\":77", ": has an unknown result in a cell;")]
    [InlineData("\"wish\":\"at most 256 processes\"", "\"wish\":null", ": cells[0].wish: is not a matrix report;")]
    [InlineData("\"evidence\":[", "\"evidence\":[null,", ": has a null in the lines of a cell;")]
    [InlineData("\"shortfalls\":[],", "", ": has a null in the lines of a cell;")]
    [InlineData(",\"errors\":\"\"", "", ": has a cell without errors;")]
    [InlineData("\"cells\":[", "\"cells\":[null,", ": has a null among its cells;")]
    [InlineData("\"runtimes\":[", "\"runtimes\":[null,", ": has a null among its runtimes;")]
    [InlineData("\"configs\":[", "\"configs\":[null,", ": has a null among its configs;")]
    [InlineData("\"bundles\":[", "\"bundles\":[null,", ": has a null among its bundles;")]
    [InlineData("\"probes\":[", "\"probes\":[null,", ": has a null among its probes;")]
    [InlineData("\"specs\":[", "\"specs\":[null,", ": has a null among its specs;")]
    [InlineData("{\"ociVersion\":\"1.0.2\"}", "7", ": has a spec that is no object;")]
    [InlineData("\"seconds\":1.5", "\"seconds\":1e999", ": has a time that is none;")]
    [InlineData("\"seconds\":0.25", "\"seconds\":-1", ": has a cell with a time that is none;")]
    [InlineData("\"jobs\":2,", "\"jobs\":2,\"jobs\":3,", ": is not a matrix report;")]
    public void A_report_with_a_gap_is_refused(string good, string bad, string what)
    {
        string json = Encoding.UTF8.GetString(MatrixJson.Serialize(Report(Cell())));
        int place = json.IndexOf(good, StringComparison.Ordinal);
        Assert.True(place >= 0, json);

        Assert.Contains(what, Refusal(Encoding.UTF8.GetBytes(json[..place] + bad + json[(place + good.Length)..])), StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_is_not_UTF_8_is_refused() =>
        Assert.Equal($"{Name}: is not valid UTF-8; give a file that matrix --json wrote", Refusal([(byte)'{', 0xff]));

    [Fact]
    public void Nothing_but_a_regular_file_is_opened()
    {
        Assert.Equal(
            $"{directory.Path}: is a directory; give a file that matrix --json wrote",
            Assert.Throws<MatrixException>(() => MatrixReportFile.Read(directory.Path)).Message);
        Assert.Equal(
            "/dev/zero: is not a regular file; give a file that matrix --json wrote",
            Assert.Throws<MatrixException>(() => MatrixReportFile.Read("/dev/zero")).Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("/no/such/file.json")]
    public void A_file_that_is_not_there_is_refused_with_what_to_give(string path) => Assert.EndsWith(
        "; give a file that matrix --json wrote", Assert.Throws<MatrixException>(() => MatrixReportFile.Read(path)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_too_large_is_refused_by_its_size()
    {
        // Sparse: it takes no space on the disk.
        using (FileStream file = File.Create(Name))
            file.SetLength(MatrixReportFile.MaxBytes + 1L);

        Assert.Equal(
            $"{Name}: is larger than 256 MiB; give a file that matrix --json wrote",
            Assert.Throws<MatrixException>(() => MatrixReportFile.Read(Name)).Message);
    }

    [Fact]
    public void Any_damage_is_read_or_refused_in_words()
    {
        byte[] json = MatrixJson.Serialize(EveryKind());
        Gen.Select(Gen.Int[0, json.Length - 1], Gen.Int[0, 12], Hostile).Sample(
            (place, cut, put) =>
            {
                try
                {
                    MatrixReport report = MatrixReportFile.Read(Write([.. json[..place], .. Encoding.UTF8.GetBytes(put), .. json[Math.Min(json.Length, place + cut)..]]));
                    MatrixSummary.Lines(report);
                    MatrixTable.Of(report);
                }
                catch (MatrixException e)
                {
                    Assert.StartsWith(Name, e.Message, StringComparison.Ordinal);
                }
            },
            iter: 500, threads: 1);
    }

    private string Name => Path.Combine(directory.Path, "old.json");

    private string Refusal(byte[] content) => Assert.Throws<MatrixException>(() => MatrixReportFile.Read(Write(content))).Message;

    private string Write(byte[] content)
    {
        File.WriteAllBytes(Name, content);
        return Name;
    }
}
