using System.CommandLine;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Lifecycle.Diff;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>diff</c>: lists what a container has changed in its root filesystem.</summary>
internal static class DiffVerb
{
    internal static Command Create()
    {
        Option<string> format = Formats.Option();
        ContainerSelection selection = ContainerSelection.OfOne();
        var verb = new Command("diff", """
            List what a container has made (A), changed (C) and removed (D) of the files that it was given, whether it runs or not. What
            lies on its mounts is left out, and what was written for its launch.

            Examples:
              podspawn-oci diff web
              podspawn-oci diff --format json web
            """);
        verb.Options.Add(format);
        selection.AddTo(verb);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            bool json = Formats.IsJson(parsed.GetValue(format));
            ContainerRegistry registry = EachContainer.Registry();
            IReadOnlyList<FileChange> changes = ContainerDiff.Of(registry.Find(selection.ReadOne(parsed, registry)));
            IReadOnlyList<string> Paths(FileChangeKind kind) => [.. changes.Where(change => change.Kind == kind).Select(change => change.Path)];
            if (json)
            {
                Json.Write(new DiffReport(Paths(FileChangeKind.Added), Paths(FileChangeKind.Changed), Paths(FileChangeKind.Deleted)), JsonReports.Default.DiffReport);
                return 0;
            }
            // A container chooses the names of its files: the terminal must not interpret them.
            foreach (FileChange change in changes)
                Streams.Output.WriteLine($"{change.Kind.ToString()[0]} {Printable.Clean(change.Path, int.MaxValue)}");
            return 0;
        }));
        return verb;
    }
}
