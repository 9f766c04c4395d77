using System.CommandLine;
using Podspawn.Oci.Cli.Callbacks;
using Podspawn.Oci.Cli.Inspecting;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Images.Fetching;
using Podspawn.Oci.Images.References;
using Podspawn.Oci.Images.Store;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>pull</c>: fetches images into the store.</summary>
internal static class PullVerb
{
    internal static Command Create()
    {
        var fetch = new FetchFlags();
        var storeFlags = new StoreFlags();
        Option<string> format = Formats.Option();
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Show no progress", Arity = ArgumentArity.Zero };
        var images = new Argument<string[]>("IMAGE") { Description = "docker://REF or REF, oci:DIR[:TAG], oci-archive:FILE[:TAG], docker-archive:FILE[:REF]",
            Arity = ArgumentArity.OneOrMore };
        var verb = new Command("pull", """
            Fetch images and unpack them into the store; what it has already is not fetched again. Prints the digest of each manifest.

            Examples:
              podspawn-oci pull debian:12
              podspawn-oci pull --platform linux/arm64 docker://registry.example/team/tool:1.2
              podspawn-oci pull oci-archive:image.tar docker-archive:saved.tar
            """);
        fetch.AddTo(verb);
        storeFlags.AddTo(verb);
        verb.Options.Add(quiet);
        verb.Options.Add(format);
        verb.Arguments.Add(images);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            bool json = Formats.IsJson(parsed.GetValue(format));
            ImageSource[] sources = [.. (parsed.GetValue(images) ?? []).Select(Fetchable)];
            ImageStore store = storeFlags.Open(parsed);
            var records = new List<ImageRecord>();
            foreach (ImageSource source in sources)
            {
                records.Add(new ImageFetcher(store, fetch.Read(parsed), new FetchProgress(parsed.GetValue(quiet)), OwnProgram.Signals).Fetch(source, withItsNames: true));
                if (!json)
                    Streams.Output.WriteLine(records[^1].Digest);
            }
            if (json)
                {
                IReadOnlyList<ImageReport> fetched = ImageReports.Of(store, image => records.Any(record => record.Digest == image.Record.Digest));
                Json.Write([.. fetched.Select(ListedImages.Of)], InspectJson.Default.IReadOnlyListListedImage);
            }
            return 0;
        }));
        return verb;
    }

    private static ImageSource Fetchable(string text)
    {
        ImageSource source = ImageSource.Parse(text);
        return source.Transport is ImageTransport.Directory or ImageTransport.Bundle
            ? throw new UsageException($"image '{text}': a directory is run where it is; podspawn-oci run {text}")
            : source;
    }
}
