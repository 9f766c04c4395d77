using System.CommandLine;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.State;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>create</c>: creates a detached container without starting it.</summary>
internal static class CreateVerb
{
    internal static Command Create()
    {
        var flags = new LaunchFlags();
        var keep = new LifecycleFlags();
        Option<bool> quiet = NoteFlags.Quiet();
        var verb = new Command("create", """
            Make a container without starting it, and print its id. Flags and words are those of run. Its command is looked for
            by the start.

            Examples:
              podspawn-oci create --name web --rootfs ./rootfs httpd -f
              podspawn-oci start web
            """);
        flags.AddTo(verb, imageFirst: true);
        flags.AddCgroupManager(verb);
        keep.AddTo(verb);
        verb.Options.Add(quiet);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            LaunchOptions options = FetchProgress.For(keep.Apply(parsed, flags.Read(parsed)), parsed.GetValue(quiet));
            using IdFile? file = keep.ReserveIdFile(parsed);
            options = options with { CommandComesLater = true, IdFile = file };
            Container made = new ContainerCreator(EachContainer.Registry()).Create(options, NoteFlags.Teller(parsed, quiet));
            Streams.Output.WriteLine(made.Id);
            return 0;
        }));
        return verb;
    }
}
