using System.CommandLine;
using Podspawn.Oci.Cli.Callbacks;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Lifecycle.Attaching;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>start</c>: starts containers that were created, or have ended.</summary>
internal static class StartVerb
{
    internal static Command Create()
    {
        var selection = new ContainerSelection("all that do not run", container => !container.IsUp, "f");
        var attach = new Option<bool>("--attach", "-a") { Description = "Attach to stdout and stderr, from the first byte on, and pass signals on", Arity = ArgumentArity.Zero };
        var interactive = new Option<bool>("--interactive", "-i") { Description = "Pass stdin on, or what is typed at its terminal", Arity = ArgumentArity.Zero };
        var flags = new AttachFlags();
        var verb = new Command("start", """
            Start containers that were created or have ended, with what they have written before. Returns when their commands run; attached,
            when the container has ended, with its exit status.

            Examples:
              podspawn-oci start web
              podspawn-oci start --attach --interactive shell
              podspawn-oci start --filter label=job
            """)
        {
            attach, interactive,
        };
        flags.AddTo(verb);
        selection.AddTo(verb);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            Action<IReadOnlyList<Note>> tell = NoteFlags.Teller(parsed);
            AttachOptions options = flags.Read(parsed, input: parsed.GetValue(interactive));
            ContainerRegistry registry = EachContainer.Registry();
            if (!parsed.GetValue(attach) && !parsed.GetValue(interactive))
                return selection.Do(parsed, registry, container => EachContainer.Runner(registry).Start(container, tell));
            if (selection.IsBulk(parsed) || selection.ReadNames(parsed, registry) is not [var only])
                throw new UsageException("--attach: only one container can be attached to; start the others apart");
            return AttachFlags.StatusOf(new Attacher(registry, OwnProgram.Signals).Start(only, options, EachContainer.Runner(registry), tell));
        }));
        return verb;
    }
}
