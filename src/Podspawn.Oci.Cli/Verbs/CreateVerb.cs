using System.CommandLine;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.Lifecycle;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>create</c>: creates a detached container without starting it.</summary>
internal static class CreateVerb
{
    internal static Command Create()
    {
        var flags = new LaunchFlags();
        var keep = new LifecycleFlags();
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Show no progress of a fetch", Arity = ArgumentArity.Zero };
        var verb = new Command("create", """
            Make a container without starting it, and print its id. Flags and words are those of run.

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
            Container made = new ContainerCreator(EachContainer.Registry()).Create(options, notes => Failures.Show(notes, all: false));
            Streams.Output.WriteLine(made.Id);
            return 0;
        }));
        return verb;
    }
}
