using System.CommandLine;
using Podspawn.Oci.Cli.Callbacks;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Lifecycle.Attaching;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>attach</c>: connects our streams with a container's.</summary>
internal static class AttachVerb
{
    internal static Command Create()
    {
        var noStdin = new Option<bool>("--no-stdin") { Description = "Do not pass stdin on", Arity = ArgumentArity.Zero };
        var flags = new AttachFlags();
        ContainerSelection selection = ContainerSelection.OfOne();
        var verb = new Command("attach", """
            Attach the terminal, or stdin, stdout and stderr, to a container that runs. The exit status is the container's own, 0 when the
            detach keys were typed, 125 when there is no such container or it does not run.

            Examples:
              podspawn-oci attach web
              podspawn-oci attach --no-stdin --sig-proxy=false web
              podspawn-oci attach --detach-keys ctrl-x,x shell
            """);
        verb.Options.Add(noStdin);
        flags.AddTo(verb);
        selection.AddTo(verb);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            AttachOptions options = flags.Read(parsed, input: !parsed.GetValue(noStdin));
            ContainerRegistry registry = EachContainer.Registry();
            return AttachFlags.StatusOf(new Attacher(registry, OwnProgram.Signals).Attach(selection.ReadOne(parsed, registry), options));
        }));
        return verb;
    }
}
