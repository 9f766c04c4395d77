using System.CommandLine;
using System.Globalization;
using Podspawn.Oci.Cli.Inspecting;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Cli.Templates;
using Podspawn.Oci.Images.References;
using Podspawn.Oci.Images.Store;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>history</c>: tells how an image was made.</summary>
internal static class HistoryVerb
{
    private const int LongestCommand = 45;
    private const string Group = "a step of an image";
    private static readonly string[] Shown = ["ID", "CreatedSince", "CreatedAt"];

    internal static Command Create()
    {
        var storeFlags = new StoreFlags();
        Option<string> format = OutputFormat.Option();
        var human = new Option<bool>("--human", "-H") { HelpName = "BOOL", Description = "Show sizes and times for people, not bytes and dates", DefaultValueFactory = _ => true };
        var noTrunc = new Option<bool>("--no-trunc") { Description = "Show ids and commands in full", Arity = ArgumentArity.Zero };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Show ids only", Arity = ArgumentArity.Zero };
        var image = new Argument<string>("IMAGE") { Description = "A name, an id, a digest, or its first digits" };
        var verb = new Command("history", """
            Tell how an image was made, the last step first: when, by which command, and how large its layer is, as it is kept.

            Examples:
              podspawn-oci history debian:12
              podspawn-oci history --no-trunc --format json tool
            """);
        storeFlags.AddTo(verb);
        foreach (Option option in new Option[] { human, noTrunc, quiet, format })
            verb.Options.Add(option);
        verb.Arguments.Add(image);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            OutputFormat form = OutputFormat.Read(parsed.GetValue(format), Group, () => [.. Shown, .. JsonValues.NamesOf(ImageJson.Default.ImageStep)]);
            bool whole = parsed.GetValue(noTrunc);
            ImageStore store = storeFlags.Open(parsed);
            IReadOnlyList<ImageStep> steps = ImageSteps.Of(store, store.Require(ImageSource.Parse(parsed.GetValue(image)!)));
            if (form.IsJson)
                Json.Write(steps, ImageJson.Default.IReadOnlyListImageStep);
            else if (form.Template is not null)
                form.Print([.. steps.Select(step => Row(step, whole, parsed.GetValue(human)))]);
            else if (parsed.GetValue(quiet))
                steps.ToList().ForEach(step => Streams.Output.WriteLine(IdOf(step, whole)));
            else
                Print(steps, whole, parsed.GetValue(human));
            return 0;
        }));
        return verb;
    }

    private static GoStruct Row(ImageStep step, bool whole, bool human)
    {
        GoText Text(string text) => new(text, Foreign: true);
        return JsonValues.Of(step, ImageJson.Default.ImageStep, Group, new Dictionary<string, GoValue>
        {
            ["ID"] = Text(IdOf(step, whole)),
            ["Created"] = Text(Made(step, human)),
            ["CreatedSince"] = Text(Made(step, human: true)),
            ["CreatedAt"] = Text(step.Created is { } made ? GoTime.Column(made) : ""),
            ["Size"] = Text(SizeOf(step, human)),
        });
    }

    private static string Made(ImageStep step, bool human) =>
        step.Created is not { } time ? "" : human ? Age.Since(time) : time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string SizeOf(ImageStep step, bool human) => human ? ByteSize.Format(step.Size) : step.Size.ToString(CultureInfo.InvariantCulture);

    private static void Print(IReadOnlyList<ImageStep> steps, bool whole, bool human)
    {
        var table = new TextTable("ID", "CREATED", "CREATED BY", "SIZE", "COMMENT");
        foreach (ImageStep step in steps)
        {
            string created = Made(step, human), command = Clean(step.CreatedBy), size = SizeOf(step, human);
            table.Add(
                IdOf(step, whole), created, whole || command.Length <= LongestCommand ? command : $"{command[..(LongestCommand - 3)]}...", size, Clean(step.Comment));
        }
        table.Print();
    }

    // An image's own text: it must not reach the terminal as it is.
    private static string Clean(string text) => Printable.Clean(text.Replace('\t', ' '), int.MaxValue);

    private static string IdOf(ImageStep step, bool whole) => whole || step.Id.Length < 64 ? step.Id : step.Id[..12];
}
