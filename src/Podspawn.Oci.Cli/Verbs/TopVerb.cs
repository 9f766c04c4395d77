using System.CommandLine;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Lifecycle.Processes;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>top</c>: lists the processes of a container.</summary>
internal static class TopVerb
{
    internal static Command Create()
    {
        // The argument that receives the flags of a command: here those of ps.
        var words = new Argument<string[]>("COMMAND") { Description = "The container, and options for ps(1) in place of -ef", Arity = ArgumentArity.ZeroOrMore };
        ContainerSelection selection = ContainerSelection.OfOne();
        var verb = new Command("top", """
            Show the processes of a container, as the host's ps(1) sees them, with the columns that its options ask for; under runsc as runsc
            tells of them, since the host sees none of them.

            Examples:
              podspawn-oci top web
              podspawn-oci top web -o pid,rss,args
            """)
        {
            selection.Latest, words,
        };
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            ContainerRegistry registry = EachContainer.Registry();
            string[] given = selection.BeforeCommand(parsed, parsed.GetValue(words)!, registry);
            if (given.Length == 0)
                throw new UsageException("COMMAND is missing; write podspawn-oci top [FLAGS] COMMAND..., with the container as its first word, or --latest");
            ProcessTable processes = ProcessLister.Of(registry.Find(given[0]), given[1..]);
            if (processes.Titles.Count == 0)
                return 0;
            var table = new TextTable([.. processes.Titles]);
            foreach (IReadOnlyList<string> row in processes.Rows)
                table.Add([.. row]);
            foreach (string line in table.Lines())
                Streams.Output.WriteLine(line);
            return 0;
        }));
        return verb;
    }
}
