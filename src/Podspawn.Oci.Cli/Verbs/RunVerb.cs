using System.CommandLine;
using Podspawn.Oci.Cli.Callbacks;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Lifecycle.Attaching;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.State.Store;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>run</c>: runs a hardened container in the foreground.</summary>
internal static class RunVerb
{
    internal static Command Create()
    {
        var flags = new LaunchFlags();
        Option<bool> quiet = NoteFlags.Quiet();
        var detach = new Option<bool>("--detach", "-d") { Description = "Leave it running, and print its id", Arity = ArgumentArity.Zero };
        var keep = new LifecycleFlags();
        var attach = new AttachFlags();
        var streams = new StreamFlag();
        Option<int> preserve = PreserveFlag.Create();
        var verb = new Command("run", """
            Run a command in a hardened container, in the foreground, and discard the container with its end; or with --detach leave it running,
            and keep it until it is removed; or with --rm=false keep it in the foreground too, with its log, as docker's run does: it can then be
            detached from, inspected and started again. The first word is the image, unless --rootfs, --bundle or --image says what to run
            from; without any, defaults.image of the config is. Flags come before it. The exit status is the command's own, 128+n when
            signal n ended it, 125 when it could not be launched, 126 when it cannot be executed, 127 when it is not found.

            Images: REF or docker://REF, oci:DIR[:TAG], oci-archive:FILE[:TAG], docker-archive:FILE[:REF], dir:PATH, bundle:PATH.

            Examples:
              podspawn-oci run debian:12 cat /etc/os-release
              podspawn-oci run -it --runtime runsc docker-archive:saved.tar sh
              podspawn-oci run --rootfs ./rootfs -- id
              podspawn-oci run --detach --name web --restart on-failure:3 --rootfs ./rootfs httpd -f
              podspawn-oci run -it --rootfs ./rootfs sh
              podspawn-oci run --rm=false --name job --cidfile job.id --rootfs ./rootfs make && podspawn-oci logs job
              podspawn-oci run --runtime runsc --pids-limit 128 --read-only --tmpfs /tmp:size=256m --rootfs ./rootfs make test
            """);
        flags.AddTo(verb, imageFirst: true);
        verb.Options.Add(detach);
        flags.AddCgroupManager(verb);
        keep.AddTo(verb);
        verb.Options.Add(quiet);
        verb.Options.Add(preserve);
        attach.AddTo(verb);
        streams.AddTo(verb);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            var store = new ContainerStore(StateLayout.Default);
            LaunchOptions options = FetchProgress.For(keep.Apply(parsed, flags.Read(parsed)), parsed.GetValue(quiet));
            bool detached = parsed.GetValue(detach), kept = detached || keep.Keeps(parsed);
            if (!detached && options.Lifecycle.Restart.Condition != RestartCondition.No)
                throw new UsageException("--restart: nobody watches a container in the foreground; add --detach, or leave the flag away");
            if (!kept)
            {
                attach.RefuseForDiscarded(parsed);
                LogFlags.RefuseForDiscarded(options.Lifecycle.Log);
                if (options.Lifecycle.MonitorPidFile is not null)
                    throw new UsageException("--conmon-pidfile: a container that goes with its command has no conmon; add --detach, or --rm=false");
                if (options.Lifecycle.Notify.Mode != NotifyMode.Ignore)
                    throw new UsageException("--sdnotify: a container that goes with its command has no monitor that a service manager could watch; add --detach, or --rm=false");
            }
            if (detached || !kept)
                streams.RefuseUnlessKept(parsed, detached);
            options = options with { PreservedDescriptors = PreserveFlag.Read(parsed, preserve, stays: kept) };
            AttachOptions attachment = streams.Apply(parsed, attach.Read(parsed, options.Interactive));
            Action<IReadOnlyList<Note>> tell = NoteFlags.Teller(parsed, quiet);
            using IdFile? file = keep.ReserveIdFile(parsed);
            options = options with { IdFile = file };
            if (detached)
            {
                Streams.Output.WriteLine(EachContainer.Runner(new ContainerRegistry(store)).Run(options, tell).Id);
                return 0;
            }
            var registry = new ContainerRegistry(store);
            if (!kept)
                return new ForegroundRunner(store, EachContainer.Runner(registry)).Run(options, tell);
            Action<Container>? onCreated = streams.WantsId(parsed) ? made => Streams.Output.WriteLine(made.Id) : null;
            return AttachFlags.StatusOf(new KeptRunner(registry, EachContainer.Runner(registry), OwnProgram.Signals).Run(options, attachment, tell, onCreated));
        }));
        return verb;
    }
}
