using System.CommandLine;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.State.Store;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>run</c>: runs a hardened container in the foreground.</summary>
internal static class RunVerb
{
    internal static Command Create()
    {
        var flags = new LaunchFlags();
        var verbose = new Option<bool>("--verbose") { Description = "Show every note, not only those that matter", Arity = ArgumentArity.Zero };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Show no progress of a fetch", Arity = ArgumentArity.Zero };
        var detach = new Option<bool>("--detach", "-d") { Description = "Leave it running, and print its id", Arity = ArgumentArity.Zero };
        var keep = new LifecycleFlags();
        var verb = new Command("run", """
            Run a command in a hardened container, in the foreground, and discard the container with its end; or with --detach leave it running,
            and keep it until it is removed. The first word is the image, unless --rootfs, --bundle or --image says what to run
            from; without any, defaults.image of the config is. Flags come before it. The exit status is the command's own, 128+n when
            signal n ended it, 125 when it could not be launched, 126 when it cannot be executed, 127 when it is not found.

            Images: REF or docker://REF, oci:DIR[:TAG], oci-archive:FILE[:TAG], docker-archive:FILE[:REF], dir:PATH, bundle:PATH.

            Examples:
              podspawn-oci run debian:12 cat /etc/os-release
              podspawn-oci run -it --runtime runsc docker-archive:saved.tar sh
              podspawn-oci run --rootfs ./rootfs -- id
              podspawn-oci run --detach --name web --restart on-failure:3 --rootfs ./rootfs httpd -f
              podspawn-oci run -it --rootfs ./rootfs sh
              podspawn-oci run --runtime runsc --pids-limit 128 --read-only --tmpfs /tmp:size=256m --rootfs ./rootfs make test
            """);
        flags.AddTo(verb, imageFirst: true);
        verb.Options.Add(detach);
        flags.AddCgroupManager(verb);
        keep.AddTo(verb);
        verb.Options.Add(verbose);
        verb.Options.Add(quiet);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            var store = new ContainerStore(StateLayout.Default);
            LaunchOptions options = FetchProgress.For(keep.Apply(parsed, flags.Read(parsed)), parsed.GetValue(quiet));
            if (parsed.GetValue(detach))
            {
                Container started = EachContainer.Runner(new ContainerRegistry(store)).Run(options, notes => Failures.Show(notes, parsed.GetValue(verbose)));
                Streams.Output.WriteLine(started.Id);
                return 0;
            }
            if (options.Lifecycle.Restart.Condition != RestartCondition.No)
                throw new UsageException("--restart: nobody watches a container in the foreground; add --detach, or leave the flag away");
            return new ForegroundRunner(store).Run(options, notes => Failures.Show(notes, parsed.GetValue(verbose)));
        }));
        return verb;
    }
}
