using System.CommandLine;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.Images.Store;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>prune</c>: removes unused containers and images.</summary>
internal static class PruneVerb
{
    internal static Command Create()
    {
        var storeFlags = new StoreFlags();
        Option<string> format = Formats.Option();
        var all = new Option<bool>("--all", "-a") { Description = "Remove images that have a name as well", Arity = ArgumentArity.Zero };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would go, and remove nothing", Arity = ArgumentArity.Zero };
        var containersOnly = new Option<bool>("--containers") { Description = "Remove containers only", Arity = ArgumentArity.Zero };
        var imagesOnly = new Option<bool>("--images") { Description = "Remove images and layers only", Arity = ArgumentArity.Zero };
        var filter = new Option<string[]>("--filter") { HelpName = "KEY=VALUE", Description = "Of the containers remove those that fit, as with ps",
            AllowMultipleArgumentsPerToken = false };
        var verb = new Command("prune", """
            Remove containers that do not run, images that have no name, or with --all every image that no container runs from, and the
            layers that no image has. With --data-root, images and layers of that store only.

            Examples:
              podspawn-oci prune --dry-run
              podspawn-oci prune --containers --filter until=24h
              podspawn-oci prune --images --all
            """);
        storeFlags.AddTo(verb);
        foreach (Option option in new Option[] { all, dryRun, containersOnly, imagesOnly, filter, format })
            verb.Options.Add(option);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            bool json = Formats.IsJson(parsed.GetValue(format));
            bool dry = parsed.GetValue(dryRun);
            if (parsed.GetValue(containersOnly) && parsed.GetValue(imagesOnly))
                throw new UsageException("--containers and --images exclude each other; give one of them, or none for both");
            ContainerRegistry registry = EachContainer.Registry();
            ContainerFilter wanted = ContainerFilter.Parse(parsed.GetValue(filter) ?? [], registry);
            // Containers first: an image that only they used is unused then.
            bool containersToo = parsed.GetValue(containersOnly) || (!parsed.GetValue(imagesOnly) && storeFlags.Root(parsed) is null && Environment.IsPrivilegedProcess);
            IReadOnlyList<PrunedContainer> containers = containersToo ? new ContainerPruning(registry).Prune(wanted, dry) : [];
            Pruned images = parsed.GetValue(containersOnly)
                ? new Pruned([], [], 0, dry)
                : PruneImages(storeFlags.Open(parsed), parsed.GetValue(all), dry);
            var report = new PruneReport(containers, images.Images, images.Blobs, images.Reclaimed + containers.Sum(container => container.Size), dry);
            if (json)
                Json.Write(report, JsonReports.Default.PruneReport);
            else
                Print(report);
            return 0;
        }));
        return verb;
    }

    private static Pruned PruneImages(ImageStore store, bool all, bool dryRun) => new ImageRemoval(store).Prune(all, dryRun, RmiVerb.Keeper(store));

    private static void Print(PruneReport pruned)
    {
        foreach (PrunedContainer container in pruned.Containers)
            Streams.Output.WriteLine($"container {container.Id[..12]}  {ByteSize.Format(container.Size)}  {container.Name}");
        foreach (PrunedImage image in pruned.Images)
            Streams.Output.WriteLine($"image {Digest.Abbreviated(image.Digest)}  {ByteSize.Format(image.Size)}  {string.Join(' ', image.Names.DefaultIfEmpty("<none>"))}");
        foreach (StoredBlob blob in pruned.Blobs)
            Streams.Output.WriteLine($"layer {Digest.Abbreviated(blob.Digest)}  {ByteSize.Format(blob.Size)}");
        Streams.Output.WriteLine($"{(pruned.DryRun ? "would reclaim" : "reclaimed")} {ByteSize.Format(pruned.Reclaimed)}");
    }
}
