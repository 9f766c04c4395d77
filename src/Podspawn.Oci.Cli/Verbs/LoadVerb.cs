using System.CommandLine;
using Podspawn.Oci.Cli.Callbacks;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Images.Fetching;
using Podspawn.Oci.Images.Loading;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>load</c>: loads saved images into the store.</summary>
internal static class LoadVerb
{
    internal static Command Create()
    {
        var storeFlags = new StoreFlags();
        var input = new Option<string?>("--input", "-i") { HelpName = "FILE", Description = "The file to read, or a layout's directory, instead of the standard input" };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Show no progress", Arity = ArgumentArity.Zero };
        Option<string?> maxSize = FetchFlags.MaxSize("The most that the file may have once decompressed, and that unpacking one image may write (default: 32g)");
        var verb = new Command("load", """
            Load images that docker, podman or save have saved, all that the file has, under the names that it has for them: a docker
            archive or an OCI image layout, as it is or compressed with gzip, bzip2, xz or zstd. Prints each name, or the id of one without.

            Examples:
              podspawn-oci load --input images.tar.xz
              docker save debian:12 | podspawn-oci load
            """);
        storeFlags.AddTo(verb);
        foreach (Option option in new Option[] { input, maxSize, quiet })
            verb.Options.Add(option);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            var options = new FetchOptions { MaxSize = FetchFlags.MaxSizeOf(parsed.GetValue(maxSize)) };
            var loader = new ImageLoader(storeFlags.Open(parsed), options, new FetchProgress(parsed.GetValue(quiet)), OwnProgram.Signals);
            foreach (LoadedImage image in loader.Load(parsed.GetValue(input) ?? "-"))
            {
                foreach (string name in image.Names.DefaultIfEmpty(image.Record.Config))
                    Streams.Output.WriteLine($"Loaded image: {name}");
            }
            return 0;
        }));
        return verb;
    }
}
