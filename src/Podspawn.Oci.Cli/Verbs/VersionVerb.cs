using System.CommandLine;
using System.Globalization;
using System.Text.Json.Serialization;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Cli.Reading;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>version</c>: what this program is.</summary>
internal static class VersionVerb
{
    internal static Command Create()
    {
        Option<string> format = OutputFormat.Option();
        var verb = new Command("version", """
            Show the version of this program, and what it is made for. There is no daemon, and so no other version. --version shows it on one line.

            Examples:
              podspawn-oci version
              podspawn-oci version --format json
            """)
        {
            format,
        };
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            VersionReport report = VersionReport.Own();
            OutputFormat form = OutputFormat.Read(parsed.GetValue(format), "", null);
            if (form.IsJson || form.Template is not null)
                form.Print(new ClientVersion(report), InfoJson.Default.ClientVersion, "the version");
            else
                Print(report);
            return 0;
        }));
        return verb;
    }

    private static void Print(VersionReport report)
    {
        foreach ((string name, string value) in new[]
        {
            ("Client", CommandLine.ProgramName), ("Version", report.Version), ("OCI spec", report.SpecVersion), (".NET", report.Framework), ("OS/Arch", report.OsArch),
        })
        {
            Streams.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name + ":",-13} {value}"));
        }
    }
}

/// <summary>What <c>version --format json</c> prints.</summary>
/// <param name="Client">This program.</param>
internal sealed record ClientVersion([property: JsonPropertyName("Client")] VersionReport Client);

/// <summary>A version of this program; the names of its fields in JSON are podman's.</summary>
/// <param name="Version">Its own.</param>
/// <param name="SpecVersion">That of the OCI runtime spec whose config.json it writes.</param>
/// <param name="Framework">That of .NET which it was built with.</param>
/// <param name="OsArch">The operating system and the processor's architecture, in Go's words.</param>
internal sealed record VersionReport(
    [property: JsonPropertyName("Version")] string Version,
    [property: JsonPropertyName("SpecVersion")] string SpecVersion,
    [property: JsonPropertyName("Framework")] string Framework,
    [property: JsonPropertyName("OsArch")] string OsArch)
{
    /// <summary>This program's.</summary>
    internal static VersionReport Own() => new(
        ShowVersion.Own, Podspawn.Oci.Spec.RuntimeSpec.CurrentVersion, Environment.Version.ToString(), $"linux/{Podspawn.Oci.Images.ImagePlatform.Host.Architecture}");
}
