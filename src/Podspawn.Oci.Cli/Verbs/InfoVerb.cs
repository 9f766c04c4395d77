using System.CommandLine;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>info</c>: the host, the runtimes and the store in a few words.</summary>
internal static class InfoVerb
{
    internal static Command Create()
    {
        Option<string> format = Formats.Option();
        var storeFlags = new StoreFlags();
        var verb = new Command("info", """
            Show the host, its runtimes, and how many containers and images there are. What is missing or weak, and how to mend it, is what
            doctor tells.

            Examples:
              podspawn-oci info
              podspawn-oci info --format json | jq -r .store.graphRoot
            """);
        verb.Options.Add(format);
        storeFlags.AddTo(verb);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            bool json = Formats.IsJson(parsed.GetValue(format));
            InfoReport report = InfoReports.Of(storeFlags.Open(parsed));
            if (json)
                Json.Write(report, InfoJson.Default.InfoReport);
            else
                InfoReports.Lines(report).ForEach(line => Streams.Output.WriteLine(Printable.Line(line)));
            return 0;
        }));
        return verb;
    }
}
