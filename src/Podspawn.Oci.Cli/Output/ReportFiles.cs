using System.CommandLine;
using System.Text;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Matrix;
using Podspawn.Oci.Matrix.Html;
using Podspawn.Oci.Matrix.Reports;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Cli.Output;

/// <summary>The flags that name a file for each format of a matrix's report.</summary>
internal sealed class ReportFiles
{
    private const string StandardOutput = "-";

    private readonly (Option<string?> Option, Action<MatrixReport, Stream> Write)[] formats =
    [
        (Flag("--json", "JSON"), (report, output) => output.Write(MatrixJson.Serialize(report))),
        (Flag("--junit", "JUnit XML"), JunitReport.Write),
        (Flag("--markdown", "Markdown"), WriteMarkdown),
        (Flag("--html", "one HTML page"), HtmlReport.Write),
    ];

    private readonly List<(string Path, Action<MatrixReport, Stream> Write)> chosen = [];

    internal void AddTo(Command verb)
    {
        foreach ((Option<string?> option, _) in formats)
            verb.Options.Add(option);
    }

    /// <summary>Checks which formats are wanted, and that the files can be written, before the work is done.</summary>
    /// <exception cref="ContainerException">A file cannot be written.</exception>
    internal void Read(ParseResult parsed)
    {
        foreach ((Option<string?> option, Action<MatrixReport, Stream> write) in formats)
        {
            if (parsed.GetValue(option) is not { } path)
                continue;
            if (path != StandardOutput && (path.Length == 0 || Directory.Exists(path) || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path)))))
                throw new UsageException($"{option.Name}: '{path}' cannot be written: it is a directory, or is in none; name a file in an existing directory, or - for stdout");
            if (path != StandardOutput)
                RequireFit(option.Name, path);
            chosen.Add((path, write));
        }
    }

    /// <summary>Writes the files, each in one piece: a concurrent reader sees the old file or the new one.</summary>
    internal void Write(MatrixReport report)
    {
        foreach ((string path, Action<MatrixReport, Stream> write) in chosen)
        {
            using var content = new MemoryStream();
            write(report, content);
            if (path == StandardOutput)
            {
                WriteStandardOutput(content.ToArray());
                continue;
            }
            try
            {
                OutputFile.Write(path, content.ToArray());
            }
            catch (IOException e)
            {
                throw new ContainerException($"{path}: cannot be written: {e.Message}");
            }
        }
    }

    private static void RequireFit(string flag, string path)
    {
        try
        {
            OutputFile.Require(path);
        }
        catch (IOException e)
        {
            throw new UsageException($"{flag}: {path}: cannot be written: {e.Message}");
        }
    }

    internal static void WriteStandardOutput(byte[] content)
    {
        using var output = new DescriptorStream(1);
        output.Write(content);
        output.WriteByte((byte)'\n');
    }

    private static Option<string?> Flag(string name, string what) => new(name) { HelpName = "FILE", Description = $"Write the report as {what}, too (- for stdout)" };

    private static void WriteMarkdown(MatrixReport report, Stream output)
    {
        using var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        MarkdownReport.Write(report, writer);
    }
}
