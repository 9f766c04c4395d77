using System.CommandLine;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Errors;
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
        var force = new Option<bool>("--force", "-f") { Description = "Remove an image given by digest with all its names; one that is not there is no failure",
            Arity = ArgumentArity.Zero };
        var all = new Option<bool>("--all", "-a") { Description = "Remove every image, each with all its names", Arity = ArgumentArity.Zero };
        var ignore = new Option<bool>("--ignore", "-i") { Description = "One that is not there is no failure", Arity = ArgumentArity.Zero };
        var images = new Argument<string[]>("IMAGE") { Description = "A name, an id, a digest, or its first digits", Arity = ArgumentArity.ZeroOrMore };
        var verb = new Command("rmi", """
            Remove images from the store: a name, and with its last name the image. One that a container runs from stays. Exit status 1 when
            there is no such image.

            Examples:
              podspawn-oci rmi debian:12
              podspawn-oci rmi --force 3f2a9c
              podspawn-oci rmi --all
            """);
        storeFlags.AddTo(verb);
        verb.Options.Add(all);
        verb.Options.Add(force);
        verb.Options.Add(ignore);
        verb.Arguments.Add(images);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            ImageStore store = storeFlags.Open(parsed);
            var removal = new ImageRemoval(store);
            Func<string, string?> keeper = Keeper(store);
            string[] named = parsed.GetValue(images) ?? [];
            if (parsed.GetValue(all))
            {
                return named.Length == 0
                    ? EachContainer.Do(store.All(), image => Print(removal.RemoveWhole(image, keeper)))
                    : throw new UsageException("--all: means every image; name images, or leave the flag away");
            }
            if (named.Length == 0)
                throw new UsageException("IMAGE is missing; write podspawn-oci rmi IMAGE..., or podspawn-oci rmi --all");
            return EachContainer.Do(named, image =>
            {
                try
                {
                    Print(removal.Remove(ImageSource.Parse(image), parsed.GetValue(force), keeper));
                }
                catch (NoSuchImageException) when (parsed.GetValue(force) || parsed.GetValue(ignore))
                {
                    // As in docker, an image that is already gone counts as removed.
                }
            }, ExitCodes.Failure);
        }));
        return verb;
    }

    private static void Print(Removed removed)
    {
        foreach (string name in removed.Untagged)
            Streams.Output.WriteLine($"Untagged: {name}");
        if (removed.Deleted is { } digest)
            Streams.Output.WriteLine($"Deleted: {digest}");
    }

    /// <summary>Returns a function that finds a container which uses an image.</summary>
    internal static Func<string, string?> Keeper(ImageStore store)
    {
        ILookup<string, string> uses = ImageUse.Of(store, StateLayout.Default);
        return digest => uses[digest].FirstOrDefault() ?? ImageUse.Elsewhere(store, digest, StateLayout.Default);
    }
}
