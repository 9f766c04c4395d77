using System.CommandLine;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Images;
using Podspawn.Oci.Images.References;
using Podspawn.Oci.Images.Store;
using Podspawn.Oci.State;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>rmi</c>: removes images from the store.</summary>
internal static class RmiVerb
{
    internal static Command Create()
    {
        var storeFlags = new StoreFlags();
        var force = new Option<bool>("--force", "-f") { Description = "Remove an image given by digest with all its names", Arity = ArgumentArity.Zero };
        var images = new Argument<string[]>("IMAGE") { Description = "A name, a digest, or its first digits", Arity = ArgumentArity.OneOrMore };
        var verb = new Command("rmi", """
            Remove images from the store: a name, and with its last name the image. One that a container runs from stays.

            Examples:
              podspawn-oci rmi debian:12
              podspawn-oci rmi --force 3f2a9c
            """);
        storeFlags.AddTo(verb);
        verb.Options.Add(force);
        verb.Arguments.Add(images);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            ImageStore store = storeFlags.Open(parsed);
            var removal = new ImageRemoval(store);
            int status = 0;
            // As in docker, a failure with one does not stop the others.
            foreach (string image in parsed.GetValue(images) ?? [])
            {
                try
                {
                    Removed removed = removal.Remove(ImageSource.Parse(image), parsed.GetValue(force), Keeper(store));
                    foreach (string name in removed.Untagged)
                        Streams.Output.WriteLine($"Untagged: {name}");
                    if (removed.Deleted is { } digest)
                        Streams.Output.WriteLine($"Deleted: {digest}");
                }
                catch (ImageException e)
                {
                    Failures.Report(e.Message);
                    status = e.ExitStatus;
                }
            }
            return status;
        }));
        return verb;
    }

    /// <summary>Returns a function that finds a container which uses an image.</summary>
    internal static Func<string, string?> Keeper(ImageStore store)
    {
        ILookup<string, string> uses = ImageUse.Of(store, StateLayout.Default);
        return digest => uses[digest].FirstOrDefault() ?? ImageUse.Elsewhere(store, digest, StateLayout.Default);
    }
}
