using System.CommandLine;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Images.Store;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>image inspect</c>: prints everything that is known of images.</summary>
internal static class ImageInspectVerb
{
    internal static Command Create()
    {
        var storeFlags = new StoreFlags();
        var images = new Argument<string[]>("IMAGE") { Description = "A name, an id, a digest, or its first digits", Arity = ArgumentArity.OneOrMore };
        var verb = new Command("inspect", """
            Print all that is known of images as a JSON list, in podman's words.

            Examples:
              podspawn-oci image inspect debian:12
              podspawn-oci image inspect debian:12 | jq -r '.[0].Config.Cmd[]'
            """);
        storeFlags.AddTo(verb);
        verb.Arguments.Add(images);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            ImageStore store = storeFlags.Open(parsed);
            var found = new List<ImageInspection>();
            int status = EachContainer.Do(parsed.GetValue(images)!, text => found.Add(ImageInspections.Find(store, text) ?? throw new NoSuchImageException(text)));
            Json.Write(found, ImageJson.Default.IReadOnlyListImageInspection);
            return status;
        }));
        return verb;
    }
}
