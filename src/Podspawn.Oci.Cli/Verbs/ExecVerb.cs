using System.CommandLine;
using Podspawn.Oci.Cli.Callbacks;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Lifecycle.Executing;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>exec</c>: starts an additional process in a running container.</summary>
internal static class ExecVerb
{
    internal static Command Create()
    {
        var interactive = new Option<bool>("--interactive", "-i") { Description = "Pass stdin on to the command", Arity = ArgumentArity.Zero };
        var tty = new Option<bool>("--tty", "-t") { Description = "Give the command a terminal", Arity = ArgumentArity.Zero };
        var detach = new Option<bool>("--detach", "-d") { Description = "Only start the command; what it writes is lost", Arity = ArgumentArity.Zero };
        var user = new Option<string?>("--user", "-u") { HelpName = "USER[:GROUP]",
            Description = "The user to run as, by the container's own passwd and group (default: the container's)" };
        var workdir = new Option<string?>("--workdir", "-w") { HelpName = "DIR", Description = "The working directory inside (default: the container's)" };
        var env = new Option<string[]>("--env", "-e") { HelpName = "NAME[=VALUE]", Description = "Set an environment variable, or pass the caller's on" };
        var envFile = new Option<string[]>("--env-file") { HelpName = "FILE", Description = "Read environment variables from a file" };
        Option<string?> detachKeys = DetachKeysFlag.Create();
        Option<int> preserve = PreserveFlag.Create();
        ContainerSelection selection = ContainerSelection.OfOne();
        var words = new Argument<string[]>("COMMAND") { Description = "The container, the command and its arguments", Arity = ArgumentArity.OneOrMore };
        var verb = new Command("exec", """
            Run a command in a running container, with the capabilities, limits and filters of the container itself. The exit status is the
            command's own, 128+n when signal n ended it, 125 when it could not be started (as where the container does not run), 126 when it
            cannot be executed, 127 when it is not found. Signals are passed on to the command.

            Examples:
              podspawn-oci exec web cat /etc/os-release
              podspawn-oci exec -it web sh
              podspawn-oci exec -u app -w /srv -e DEBUG=1 web ./report --all
            """);
        foreach (Option option in new Option[] { interactive, tty, detach, user, workdir, env, envFile, detachKeys, preserve, selection.Latest })
            verb.Options.Add(option);
        verb.Arguments.Add(words);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            ContainerRegistry registry = EachContainer.Registry();
            string[] given = selection.BeforeCommand(parsed, parsed.GetValue(words) ?? [], registry);
            if (given.Length < 2)
                throw new UsageException("no command; give one after the container's name");
            ExecResult result = new Executor(registry, OwnProgram.Signals).Execute(given[0], new ExecOptions
            {
                Command = given[1..],
                Interactive = parsed.GetValue(interactive),
                Terminal = parsed.GetValue(tty),
                Detach = parsed.GetValue(detach),
                User = parsed.GetValue(user),
                WorkingDirectory = parsed.GetValue(workdir),
                Environment = parsed.GetValue(env) ?? [],
                EnvironmentFiles = parsed.GetValue(envFile) ?? [],
                DetachKeys = DetachKeysFlag.Read(parsed, detachKeys),
                PreservedDescriptors = PreserveFlag.Read(parsed, preserve, stays: parsed.GetValue(detach)),
            });
            if (result.LeftByKeys)
                Streams.Error.WriteLine(DetachKeysFlag.Left);
            return result.Status;
        }));
        return verb;
    }
}
