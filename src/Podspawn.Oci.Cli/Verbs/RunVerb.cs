using System.CommandLine;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Containers;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>run</c>: a hardened container in the foreground.</summary>
internal static class RunVerb
{
    internal static Command Create()
    {
        var flags = new LaunchFlags();
        var verbose = new Option<bool>("--verbose") { Description = "Show every note, not only those that matter" };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Show no progress of a fetch", Arity = ArgumentArity.Zero };
        var verb = new Command("run", """
            Run a command in a hardened container. The first word is the image, unless --rootfs, --bundle or --image says what to run
            from; without any, defaults.image of the config is. Flags come before it. The exit status is the command's own, 128+n when
            signal n ended it, 125 when it could not be launched, 126 when it cannot be executed, 127 when it is not found.

            Images: REF or docker://REF, oci:DIR[:TAG], oci-archive:FILE[:TAG], docker-archive:FILE[:REF], dir:PATH, bundle:PATH.

            Examples:
              podspawn-oci run debian:12 cat /etc/os-release
              podspawn-oci run -it --runtime runsc docker-archive:saved.tar sh
              podspawn-oci run --rootfs ./rootfs -- id
              podspawn-oci run -it --rootfs ./rootfs sh
              podspawn-oci run --runtime runsc --pids-limit 128 --read-only --tmpfs /tmp:size=256m --rootfs ./rootfs make test
            """);
        flags.AddTo(verb, imageFirst: true);
        verb.Options.Add(verbose);
        verb.Options.Add(quiet);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            var store = new ContainerStore(StateLayout.Default);
            LaunchOptions options = flags.Read(parsed);
            if (options.Image is { } image)
                options = options with { Image = image with { Watcher = new FetchProgress(parsed.GetValue(quiet)) } };
            return new Launcher(store).Run(options, notes => Failures.Show(notes, parsed.GetValue(verbose)));
        }));
        return verb;
    }
}
