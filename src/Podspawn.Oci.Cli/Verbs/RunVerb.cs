using System.CommandLine;
using Podspawn.Oci.Containers;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>run</c>: a hardened container in the foreground.</summary>
internal static class RunVerb
{
    internal static Command Create()
    {
        var flags = new LaunchFlags();
        var verbose = new Option<bool>("--verbose") { Description = "Show every note, not only those that matter" };
        var verb = new Command("run", """
            Run a command in a hardened container. Flags come before the command. The exit status is the command's own, 128+n when
            signal n ended it, 125 when it could not be launched, 126 when it cannot be executed, 127 when it is not found.

            Examples:
              podspawn-oci run --rootfs ./rootfs -- id
              podspawn-oci run -it --rootfs ./rootfs sh
              podspawn-oci run --runtime runsc --pids-limit 128 --read-only --tmpfs /tmp:size=256m --rootfs ./rootfs make test
            """);
        flags.AddTo(verb);
        verb.Options.Add(verbose);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            var store = new ContainerStore(StateLayout.Default);
            LaunchOptions options = flags.Read(parsed);
            return new Launcher(store).Run(options, notes => Failures.Show(notes, parsed.GetValue(verbose)));
        }));
        return verb;
    }
}
