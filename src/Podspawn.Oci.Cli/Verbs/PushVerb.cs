using System.CommandLine;
using System.Text;
using Podspawn.Oci.Cli.Callbacks;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Images.Fetching;
using Podspawn.Oci.Images.References;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>push</c>: copies an image of the store to a registry.</summary>
internal static class PushVerb
{
    internal static Command Create()
    {
        var fetch = new FetchFlags();
        var storeFlags = new StoreFlags();
        var digestFile = new Option<string?>("--digestfile") { HelpName = "FILE", Description = "Write the digest of the manifest there too" };
        var format = new Option<string?>("--format", "-f") { HelpName = "oci|v2s2", Description = "The type of the manifest (default: oci, or what the registry takes)" };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Show no progress", Arity = ArgumentArity.Zero };
        var image = new Argument<string>("IMAGE") { Description = "A name, an id, a digest, or its first digits" };
        var destination = new Argument<string?>("DESTINATION") { Description = "Its name in the registry (default: its own): [docker://]HOST[:PORT]/NAME[:TAG]",
            Arity = ArgumentArity.ZeroOrOne };
        var verb = new Command("push", """
            Copy an image of the store to a registry. Prints the digest that its manifest has there.

            Examples:
              podspawn-oci push registry.example/team/tool:1.0
              podspawn-oci push 3f2a9c docker://registry.example/team/tool:1.0
            """);
        fetch.AddReachTo(verb);
        storeFlags.AddTo(verb);
        foreach (Option option in new Option[] { digestFile, format, quiet })
            verb.Options.Add(option);
        verb.Arguments.Add(image);
        verb.Arguments.Add(destination);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            string? form = parsed.GetValue(format);
            if (form is not (null or "oci" or "v2s2"))
                throw new UsageException($"--format: '{form}' is not known; use oci or v2s2");
            ImageName? target = parsed.GetValue(destination) is { } text ? ImageWords.Destination(text) : null;
            var pusher = new ImagePusher(storeFlags.Open(parsed), fetch.Read(parsed), new FetchProgress(parsed.GetValue(quiet)), OwnProgram.Signals);
            string digest = pusher.Push(ImageSource.Parse(parsed.GetValue(image)!), target, form);
            if (parsed.GetValue(digestFile) is { } file)
                OutputFile.Write(Path.GetFullPath(file), Encoding.ASCII.GetBytes(digest));
            Streams.Output.WriteLine(digest);
            return 0;
        }));
        return verb;
    }
}
