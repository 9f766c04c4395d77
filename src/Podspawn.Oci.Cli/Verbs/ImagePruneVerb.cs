using System.CommandLine;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Images.Store;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>image prune</c>: removes images that nobody needs.</summary>
internal static class ImagePruneVerb
{
    internal static Command Create()
    {
        var storeFlags = new StoreFlags();
        var all = new Option<bool>("--all", "-a") { Description = "Remove images that have a name as well", Arity = ArgumentArity.Zero };
        var force = new Option<bool>("--force", "-f") { Description = "Taken for docker's sake: nothing is asked anyway", Arity = ArgumentArity.Zero };
        var filter = new Option<string[]>("--filter") { HelpName = "KEY=VALUE", Description = "Of these remove those that fit, as with images",
            AllowMultipleArgumentsPerToken = false };
        var verb = new Command("prune", """
            Remove images that have no name, or with --all every image that no container runs from, and the layers that no image has. Prints
            the ids of the images.

            Examples:
              podspawn-oci image prune
              podspawn-oci image prune --all --filter until=720h
            """);
        storeFlags.AddTo(verb);
        foreach (Option option in new Option[] { all, force, filter })
            verb.Options.Add(option);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            ImageStore store = storeFlags.Open(parsed);
            ImageFilter wanted = ImageFilter.Parse(parsed.GetValue(filter) ?? [], store);
            Dictionary<string, string> ids = store.All().ToDictionary(image => image.Record.Digest, image => image.Record.Config);
            foreach (PrunedImage image in new ImageRemoval(store).Prune(parsed.GetValue(all), dryRun: false, RmiVerb.Keeper(store), wanted.Fits).Images)
                Streams.Output.WriteLine(Images.Documents.Digest.Hex(ids.GetValueOrDefault(image.Digest, image.Digest)));
            return 0;
        }));
        return verb;
    }
}
