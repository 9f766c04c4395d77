using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Store;
using Podspawn.Oci.Translation.Requests;
using Podspawn.Oci.Verification;
using Podspawn.Oci.Verification.Findings;
using Podspawn.Oci.Verification.Reports;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>verify</c>: compares what a container really has with what was asked for.</summary>
internal static class VerifyVerb
{
    internal static Command Create()
    {
        var flags = new LaunchFlags();
        Option<string> format = Formats.Option();
        var only = new Option<string[]>("--only") { HelpName = "FINDING",
            Description = "Look at this only, or try this attack of it only (FINDING/ATTACK); may be repeated or a list with commas" };
        var limit = new Option<string>("--time-limit")
        {
            HelpName = "SECONDS",
            Description = "End the probe after this time",
            DefaultValueFactory = _ => Verifier.DefaultPatience.TotalSeconds.ToString(CultureInfo.InvariantCulture),
        };
        var name = new Argument<string?>("NAME") { Description = "A running container, to be looked at from the host", Arity = ArgumentArity.ZeroOrOne };
        var verb = new Command("verify", $"""
            Launch a short probe container with the given config, hold what it finds against what was asked for and try the known ways around
            it; or look at a running container from outside. Exit status 0 when everything holds, 1 when something falls short, 125 when nothing could be launched.

            Findings: {string.Join(", ", FindingNames.All)}.

            Examples:
              podspawn-oci verify
              podspawn-oci verify --config config.yaml --runtime runsc --format json
              podspawn-oci verify --rootfs ./rootfs --read-only --only readonly_rootfs,tmpfs
              podspawn-oci verify --runtime runsc --only pids_limit/user_ids
              podspawn-oci verify my-container
            """);
        flags.AddContainerFlags(verb);
        flags.AddResources(verb);
        verb.Options.Add(only);
        verb.Options.Add(limit);
        verb.Options.Add(format);
        verb.Arguments.Add(name);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            bool json = Formats.IsJson(parsed.GetValue(format));
            string[] names = [.. (parsed.GetValue(only) ?? []).SelectMany(value => value.Split(','))];
            var verifier = new Verifier(new ContainerStore(StateLayout.Default));
            VerificationReport report;
            if (parsed.GetValue(name) is { } container)
            {
                RefuseFlags(parsed, [format, only]);
                report = verifier.Look(container, names);
            }
            else
            {
                report = verifier.Probe(flags.Read(parsed), names, Seconds(parsed.GetValue(limit)), notes =>
                    Failures.Show(notes.Where(note => note.Severity == NoteSeverity.Warning).ToList(), all: false));
            }
            if (json)
                Print(VerificationJson.Serialize(report));
            else
                Print(report);
            return report.Result == FindingResult.FallsShort ? ExitCodes.Failure : ExitCodes.Success;
        }));
        return verb;
    }

    private static TimeSpan Seconds(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds is > 0 and <= 3600
            ? TimeSpan.FromSeconds(seconds)
            : throw new UsageException($"--time-limit: '{text}' is no time; write 1 to 3600 seconds");

    // What a running container was asked to be is known: a flag could only pretend to change it.
    private static void RefuseFlags(ParseResult parsed, Option[] allowed)
    {
        foreach (Option option in parsed.CommandResult.Command.Options)
        {
            if (!allowed.Contains(option) && parsed.GetResult(option) is OptionResult { Implicit: false })
                throw new UsageException($"{option.Name}: a running container is held against what it was launched with; leave the flag away, or the name");
        }
    }

    private static void Print(byte[] json)
    {
        using var output = new DescriptorStream(1);
        output.Write(json);
        output.WriteByte((byte)'\n');
    }

    private static void Print(VerificationReport report)
    {
        Streams.Output.WriteLine($"{report.Container}: {report.Runtime} {report.RuntimeVersion}, {(report.Looked == Vantage.Probe ? "seen by a probe inside and from the host"
            : "seen from the host")}");
        var table = new TextTable("finding", "result", "asked for", "seen");
        foreach (Finding finding in report.Findings)
            table.Add(finding.Name, Word(finding.Result), Shortened(finding.Expectation), Told(finding));
        table.Print();
        foreach (Finding finding in report.Findings.Where(finding => finding.Shortfalls.Count > 1))
        {
            foreach (string line in finding.Shortfalls)
                Streams.Output.WriteLine($"{finding.Name}: {line}");
        }
        foreach (Finding finding in report.Findings)
        {
            if (AttackLines.Summary(finding) is { } summary)
                Streams.Output.WriteLine($"{finding.Name}: {summary}");
            foreach (string line in AttackLines.Of(finding, result => result is not (AttackResult.Refused or AttackResult.Untried)))
                Streams.Output.WriteLine($"{finding.Name}: {line}");
        }
        int shortfalls = report.Findings.Count(finding => finding.Result == FindingResult.FallsShort);
        Streams.Output.WriteLine(shortfalls == 0 ? "everything holds" : $"{shortfalls} of {report.Findings.Count} fall short; --format json tells all that was seen");
    }

    private static string Told(Finding finding) => finding.Result switch
    {
        FindingResult.FallsShort => finding.Shortfalls.Count == 1 ? finding.Shortfalls[0] : $"{finding.Shortfalls.Count} shortfalls, see below",
        FindingResult.HoldsDifferently => string.Join("; ", finding.Notes),
        _ => Shortened(string.Join("; ", finding.Evidence)),
    };

    private static string Shortened(string text)
    {
        const int Most = 100;
        return text.Length <= Most ? text : $"{text[..(Most - 3)]}...";
    }

    private static string Word(FindingResult result) => result switch
    {
        FindingResult.Holds => "holds",
        FindingResult.HoldsDifferently => "holds differently",
        _ => "FALLS SHORT",
    };
}
