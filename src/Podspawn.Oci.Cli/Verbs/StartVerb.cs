using System.CommandLine;
using Podspawn.Oci.Cli.Callbacks;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Lifecycle.Attaching;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>start</c>: starts containers that were created, or have ended.</summary>
internal static class StartVerb
{
    internal static Command Create()
    {
        Argument<string[]> names = LifeVerbs.Containers();
        var attach = new Option<bool>("--attach", "-a") { Description = "Attach to stdout and stderr, from the first byte on, and pass signals on", Arity = ArgumentArity.Zero };
        var interactive = new Option<bool>("--interactive", "-i") { Description = "Pass stdin on, or what is typed at its terminal", Arity = ArgumentArity.Zero };
        var flags = new AttachFlags();
        var verb = new Command("start", """
            Start containers that were created or have ended, with what they have written before. Returns when their commands run; attached,
            when the container has ended, with its exit status.

            Examples:
              podspawn-oci start web
              podspawn-oci start --attach --interactive shell
            """)
        {
            attach, interactive,
        };
        flags.AddTo(verb);
        verb.Arguments.Add(names);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            string[] given = parsed.GetValue(names)!;
            if (!parsed.GetValue(attach) && !parsed.GetValue(interactive))
                return EachContainer.Do(given, (registry, container) => EachContainer.Runner(registry).Start(container, Tell));
            if (given.Length > 1)
                throw new UsageException("--attach: only one container can be attached to; start the others apart", ExitCodes.Failure);
            AttachOptions options = flags.Read(parsed, input: parsed.GetValue(interactive));
            ContainerRegistry all = EachContainer.Registry();
            return AttachFlags.StatusOf(new Attacher(all, OwnProgram.Signals).Start(given[0], options, EachContainer.Runner(all), Tell));
        }));
        return verb;
    }

    private static void Tell(IReadOnlyList<Note> notes) => Failures.Show(notes, all: false);
}
