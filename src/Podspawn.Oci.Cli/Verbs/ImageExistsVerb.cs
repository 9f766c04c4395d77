using System.CommandLine;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Images.References;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>image exists</c>: tells by its status whether the store has an image.</summary>
internal static class ImageExistsVerb
{
    internal static Command Create()
    {
        var storeFlags = new StoreFlags();
        var image = new Argument<string>("IMAGE") { Description = "A name, an id, a digest, or its first digits" };
        var verb = new Command("exists", """
            Tell by the exit status whether the store has an image: 0, or 1 where it has not.

            Examples:
              podspawn-oci image exists debian:12
            """);
        storeFlags.AddTo(verb);
        verb.Arguments.Add(image);
        verb.SetAction(parsed => Failures.Guard(() =>
            storeFlags.Open(parsed).Find(ImageSource.Parse(parsed.GetValue(image)!)) is null ? ExitCodes.Failure : 0));
        return verb;
    }
}
