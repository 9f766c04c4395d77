using System.CommandLine;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>info</c>: the host, the runtimes and the store in a few words.</summary>
internal static class InfoVerb
{
    internal static Command Create()
    {
        Option<string> format = OutputFormat.Option();
        var storeFlags = new StoreFlags();
        var verb = new Command("info", """
            Show the host, its runtimes, and how many containers and images there are. What is missing or weak, and how to mend it, is what
            doctor tells.

            Examples:
              podspawn-oci info
              podspawn-oci info --format '{{.Store.GraphRoot}}'
            """);
        verb.Options.Add(format);
        storeFlags.AddTo(verb);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            OutputFormat form = OutputFormat.Read(parsed.GetValue(format), "", null);
            InfoReport report = InfoReports.Of(storeFlags.Open(parsed));
            if (form.IsJson || form.Template is not null)
                form.Print(report, InfoJson.Default.InfoReport, "the information");
            else
                InfoReports.Lines(report).ForEach(line => Streams.Output.WriteLine(Printable.Line(line)));
            return 0;
        }));
        return verb;
    }
}
