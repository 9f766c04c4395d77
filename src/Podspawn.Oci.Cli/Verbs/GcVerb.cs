using System.CommandLine;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>gc</c>: removes what killed commands have left.</summary>
internal static class GcVerb
{
    internal const string Name = "gc";

    private const int LongestName = 1000;

    internal static Command Create()
    {
        Option<string> format = Formats.Option();
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what there is, and touch nothing", Arity = ArgumentArity.Zero };
        var verb = new Command(Name, """
            Hold every container against its processes and its runtime, and clear away what no container accounts for: half-made directories,
            layers, names, cgroups, processes. Every command does so with what it touches; this one does it with everything. What may be another
            store's, or cannot be told from it, is left alone, and said on stderr.

            Examples:
              podspawn-oci gc --dry-run
              podspawn-oci gc
            """)
        {
            dryRun, format,
        };
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            bool json = Formats.IsJson(parsed.GetValue(format));
            var garbage = new OrphanCollector(EachContainer.Registry());
            IReadOnlyList<Orphan> found = parsed.GetValue(dryRun) ? garbage.Find() : garbage.Collect();
            if (json)
                Json.Write(found, JsonReports.Default.IReadOnlyListOrphan);
            else
                Print(found);
            return 0;
        }));
        return verb;
    }

    private static void Print(IReadOnlyList<Orphan> found)
    {
        foreach (Orphan item in found)
        {
            string line = $"{item.Kind} {Printable.Clean(item.What, LongestName)}: {Printable.Clean(item.Why, LongestName)}";
            if (item.LeftAlone)
                Failures.Report($"left alone: {line}");
            else
                Streams.Output.WriteLine(line);
        }
    }
}
