using System.CommandLine;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Configuration;
using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.Images.Store;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>prune</c>: what nobody needs, out of the store.</summary>
internal static class PruneVerb
{
    internal static Command Create()
    {
        var storeFlags = new StoreFlags();
        Option<string> format = Formats.Option();
        var all = new Option<bool>("--all", "-a") { Description = "Remove images that have a name as well", Arity = ArgumentArity.Zero };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would go, and remove nothing", Arity = ArgumentArity.Zero };
        var verb = new Command("prune", """
            Remove images that have no name, or with --all every image that no container runs from, and the layers that no image has.

            Examples:
              podspawn-oci prune --dry-run
              podspawn-oci prune --all
            """);
        storeFlags.AddTo(verb);
        verb.Options.Add(all);
        verb.Options.Add(dryRun);
        verb.Options.Add(format);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            bool json = Formats.IsJson(parsed.GetValue(format));
            Pruned pruned = new ImageRemoval(storeFlags.Open(parsed)).Prune(parsed.GetValue(all), parsed.GetValue(dryRun), RmiVerb.Keeper());
            if (json)
                Json.Write(pruned, JsonReports.Default.Pruned);
            else
                Print(pruned);
            return 0;
        }));
        return verb;
    }

    private static void Print(Pruned pruned)
    {
        foreach (PrunedImage image in pruned.Images)
            Streams.Output.WriteLine($"image {Digest.Abbreviated(image.Digest)}  {ByteSize.Format(image.Size)}  {string.Join(' ', image.Names.DefaultIfEmpty("<none>"))}");
        foreach (StoredBlob blob in pruned.Blobs)
            Streams.Output.WriteLine($"layer {Digest.Abbreviated(blob.Digest)}  {ByteSize.Format(blob.Size)}");
        Streams.Output.WriteLine($"{(pruned.DryRun ? "would reclaim" : "reclaimed")} {ByteSize.Format(pruned.Reclaimed)}");
    }
}
