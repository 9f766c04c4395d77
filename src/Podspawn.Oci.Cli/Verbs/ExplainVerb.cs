using System.CommandLine;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.Translation;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>explain</c>: shows for each field the value in effect, why, where, and what enforces it.</summary>
internal static class ExplainVerb
{
    internal static Command Create()
    {
        var flags = new LaunchFlags();
        Option<string> format = Formats.Option();
        var verb = new Command("explain", """
            Explain each key of the config: its value, where it came from, where it stands in config.json, who enforces it, and the notes.

            Examples:
              podspawn-oci explain
              podspawn-oci explain --config config.yaml --runtime runsc --format json
            """);
        flags.AddTo(verb);
        verb.Options.Add(format);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            bool json = Formats.IsJson(parsed.GetValue(format));
            LaunchPlan plan = LaunchPlanner.DryRun(flags.Read(parsed));
            TranslationResult translation = plan.Translate([]);
            if (json)
                Json.Write(Report(plan, translation), JsonReports.Default.ExplainReport);
            else
                Print(plan, translation);
            return 0;
        }));
        return verb;
    }

    private static ExplainReport Report(LaunchPlan plan, TranslationResult translation) => new(
        plan.Driver.Traits.Name,
        plan.Driver.Traits.Version,
        [.. translation.Fields.Select(field => new ExplainedField(
            field.Key, field.Value, Origin(plan, field.Key), field.SpecPaths, Word(field.Enforcement), Word(field.EnforcedBy)))],
        [.. translation.Notes.Select(note => new ExplainedNote(note.Key, Word(note.Severity), note.Text))]);

    private static string Origin(LaunchPlan plan, string key) => LaunchKeys.SettingOf(key)?.ToString() ?? plan.Config.OriginOf(key).ToString();

    private static void Print(LaunchPlan plan, TranslationResult translation)
    {
        ExplainReport report = Report(plan, translation);
        var table = new TextTable("field", "value", "from", "in config.json", "enforced", "by");
        foreach (ExplainedField field in report.Fields)
            table.Add(field.Key, field.Value, field.Origin, string.Join(' ', field.SpecPaths), field.Enforcement, field.EnforcedBy);
        Streams.Output.WriteLine($"runtime: {report.Runtime} {report.RuntimeVersion}");
        table.Print();
        foreach (ExplainedNote note in report.Notes)
            Streams.Output.WriteLine($"{note.Severity}: {Failures.Line(note.Key, note.Text)}");
    }

#pragma warning disable CA1308 // these are words for readers, not keys to compare
    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
#pragma warning restore CA1308
}
