using System.CommandLine;
using System.Globalization;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Lifecycle.Copying;
using Podspawn.Oci.Terminals;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>cp</c>: copies files out of a container, or into one.</summary>
internal static class CpVerb
{
    internal static Command Create()
    {
        var follow = new Option<bool>("--follow-link", "-L") { Description = "Copy what a symbolic link leads to, where the source is one", Arity = ArgumentArity.Zero };
        var archive = new Option<bool>("--archive", "-a") { Description = "Keep owners by number, and setuid bits; else all belongs to root", Arity = ArgumentArity.Zero };
        var overwrite = new Option<bool>("--overwrite") { Description = "Let files replace directories, with all in them, and directories files", Arity = ArgumentArity.Zero };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Do not tell how much was copied", Arity = ArgumentArity.Zero };
        var pause = new Option<bool>("--pause") { HelpName = "BOOL", Description = "Taken for podman's sake: nothing is paused", Arity = ArgumentArity.ZeroOrOne };
        var source = new Argument<string>("SOURCE") { Description = "CONTAINER:PATH, a path of the host, or - for a tar archive on stdin" };
        var target = new Argument<string>("TARGET") { Description = "CONTAINER:PATH, a path of the host, or - for a tar archive on stdout" };
        var verb = new Command("cp", """
            Copy files between a container and the host, or between two containers, whether they run or not. A directory is copied into one
            that is there, and to a new one else; with /. at its end its contents are meant. A relative path of a container starts from its
            working directory. Links within the container lead nowhere else. Devices, FIFOs and sockets are left out.
            A file takes the place of one with its name; of a directory only with --overwrite, as a directory does of a file.

            Examples:
              podspawn-oci cp web:/var/log/nginx ./logs
              podspawn-oci cp ./site/. web:/srv
              podspawn-oci cp web:/etc - | tar -t
            """);
        foreach (Option option in new Option[] { follow, archive, overwrite, pause, quiet })
            verb.Options.Add(option);
        verb.Arguments.Add(source);
        verb.Arguments.Add(target);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            (CopyPlace from, CopyPlace to) = (CopyPlace.Parse(parsed.GetValue(source)!), CopyPlace.Parse(parsed.GetValue(target)!));
            if (to.IsStream && TerminalSize.IsTerminal(1))
                throw LifecycleErrors.Of("standard output: is a terminal; redirect it, or name a file or a directory");
            var options = new CopyOptions
            {
                FollowLink = parsed.GetValue(follow),
                Archive = parsed.GetValue(archive),
                Overwrite = parsed.GetValue(overwrite),
                Warn = text => Failures.Report($"warning: {text}"),
            };
            long? bytes = new ContainerCopy(EachContainer.Registry(), options).Copy(from.From(Environment.CurrentDirectory), to.From(Environment.CurrentDirectory));
            if (bytes is { } copied && !parsed.GetValue(quiet) && TerminalSize.IsTerminal(2))
                Streams.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Successfully copied {ByteSize.Format(copied)} to {parsed.GetValue(target)}"));
            return 0;
        }));
        return verb;
    }
}
