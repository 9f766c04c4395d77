using System.CommandLine;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Containers;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Lifecycle.Attaching;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>attach</c>: our streams at a container's.</summary>
internal static class AttachVerb
{
    internal static Command Create()
    {
        var noStdin = new Option<bool>("--no-stdin") { Description = "Do not pass stdin on", Arity = ArgumentArity.Zero };
        var sigProxy = new Option<bool>("--sig-proxy")
        {
            HelpName = "BOOL",
            Description = "Pass signals on to a container without a terminal",
            DefaultValueFactory = _ => true,
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string?> detachKeys = DetachKeysFlag.Create();
        var container = new Argument<string>("CONTAINER") { Description = "Its name or id" };
        var verb = new Command("attach", """
            Attach the terminal, or stdin, stdout and stderr, to a container that runs. The exit status is the container's own, 0 when the
            detach keys were typed, 1 when there is no such container or it does not run.

            Examples:
              podspawn-oci attach web
              podspawn-oci attach --no-stdin --sig-proxy=false web
              podspawn-oci attach --detach-keys ctrl-x,x shell
            """);
        foreach (Option option in new Option[] { noStdin, sigProxy, detachKeys })
            verb.Options.Add(option);
        verb.Arguments.Add(container);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            AttachEnding ending = new Attacher(new ContainerRegistry(new ContainerStore(StateLayout.Default))).Attach(parsed.GetValue(container)!, new AttachOptions
            {
                Input = !parsed.GetValue(noStdin),
                ProxySignals = parsed.GetValue(sigProxy),
                DetachKeys = DetachKeysFlag.Read(parsed, detachKeys),
            });
            if (ending.Why == AttachEnd.Detached)
                Streams.Error.WriteLine(DetachKeysFlag.Left);
            return ending.Status ?? 0;
        }));
        return verb;
    }
}
