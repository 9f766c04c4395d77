using System.CommandLine;
using Podspawn.Oci.Cli.Callbacks;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.Images.Fetching;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Lifecycle.Committing;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>commit</c>: makes an image of a container.</summary>
internal static class CommitVerb
{
    internal static Command Create()
    {
        var storeFlags = new StoreFlags();
        var author = new Option<string?>("--author", "-a") { HelpName = "NAME", Description = "Who made the image" };
        var change = new Option<string[]>("--change", "-c") { HelpName = "INSTRUCTION", AllowMultipleArgumentsPerToken = false,
            Description = "A Dockerfile's CMD, ENTRYPOINT, ENV, EXPOSE, LABEL, STOPSIGNAL, USER, VOLUME or WORKDIR for the image; may be given again" };
        var format = new Option<string>("--format", "-f") { HelpName = "oci|docker",
            Description = "Both become an OCI image, which is what the store has; push and save convert it",
            DefaultValueFactory = _ => "oci" };
        var includeVolumes = new Option<bool>("--include-volumes") { Description = "Make the places of the container's volumes and mounted paths volumes of the image",
            Arity = ArgumentArity.Zero };
        var message = new Option<string?>("--message", "-m") { HelpName = "TEXT", Description = "The comment of the new layer" };
        var pause = new Option<bool>("--pause", "-p") { Description = "Pause a running container meanwhile, so that what it writes at that moment is whole",
            Arity = ArgumentArity.Zero };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Show no progress", Arity = ArgumentArity.Zero };
        Option<string?> maxSize = FetchFlags.MaxSize("The most that the new layer may have, and that unpacking the image may write (default: 32g)");
        var container = new Argument<string>("CONTAINER") { Description = "A container's name or id" };
        var name = new Argument<string?>("REF") { Description = "The image's name, such as tool:1.0", Arity = ArgumentArity.ZeroOrOne };
        var verb = new Command("commit", """
            Make an image of a container, running or not: the image that it runs from, with what it has changed as a further layer, and how it
            was run. What is mounted in it, volumes too, is left out. Prints the image's id.

            Examples:
              podspawn-oci commit web web:patched
              podspawn-oci commit --pause --change 'CMD ["serve"]' --message 'with certificates' web web:2
            """);
        storeFlags.AddTo(verb);
        foreach (Option option in new Option[] { author, change, format, includeVolumes, maxSize, message, pause, quiet })
            verb.Options.Add(option);
        verb.Arguments.Add(container);
        verb.Arguments.Add(name);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            if (parsed.GetValue(format) is not ("oci" or "docker") and var other)
                throw new UsageException($"--format: '{other}' is not known; use oci or docker");
            var options = new CommitOptions
            {
                Name = parsed.GetValue(name) is { } text ? ImageWords.New(text) : null,
                Author = parsed.GetValue(author),
                Message = parsed.GetValue(message),
                Changes = parsed.GetValue(change) ?? [],
                IncludeVolumes = parsed.GetValue(includeVolumes),
                Pause = parsed.GetValue(pause),
                Warn = text => Failures.Report($"warning: {text}"),
            };
            ContainerRegistry registry = EachContainer.Registry();
            var limits = new FetchOptions { MaxSize = FetchFlags.MaxSizeOf(parsed.GetValue(maxSize)) };
            var commit = new ContainerCommit(registry, storeFlags.Root(parsed), limits, new FetchProgress(parsed.GetValue(quiet)), OwnProgram.Signals);
            Streams.Output.WriteLine(Digest.Hex(commit.Commit(registry.Find(parsed.GetValue(container)!), options).Config));
            return 0;
        }));
        return verb;
    }
}
