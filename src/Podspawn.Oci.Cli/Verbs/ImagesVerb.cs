using System.CommandLine;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Images.Store;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>images</c>: lists the images of the store.</summary>
internal static class ImagesVerb
{
    internal static Command Create()
    {
        var storeFlags = new StoreFlags();
        Option<string> format = Formats.Option();
        var all = new Option<bool>("--all", "-a") { Description = "Show every image, as is done anyway: there are no intermediate ones", Arity = ArgumentArity.Zero };
        var digests = new Option<bool>("--digests") { Description = "Show the digest of the manifest too", Arity = ArgumentArity.Zero };
        var filter = new Option<string[]>("--filter", "-f") { HelpName = "KEY=VALUE",
            Description = "Show those that fit: before, dangling, id, label, reference (a pattern), since, until", AllowMultipleArgumentsPerToken = false };
        var noHeading = new Option<bool>("--noheading", "-n") { Description = "Show no headings", Arity = ArgumentArity.Zero };
        var noTrunc = new Option<bool>("--no-trunc") { Description = "Show ids in full", Arity = ArgumentArity.Zero };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Show ids only", Arity = ArgumentArity.Zero };
        var sort = new Option<string>("--sort") { HelpName = string.Join('|', ImageTable.OrderNames), Description = "The order of the rows", DefaultValueFactory = _ => "created" };
        var reference = new Argument<string?>("REF") { Description = "Show those with this name, with any tag where it has none; * stands for any part",
            Arity = ArgumentArity.ZeroOrOne };
        var verb = new Command("images", """
            List the images of the store, the newest first: repository, tag, id (the digest of the configuration), when it was built, size on disk.

            Examples:
              podspawn-oci images
              podspawn-oci images --filter dangling=true --quiet
              podspawn-oci images --format json
            """);
        storeFlags.AddTo(verb);
        foreach (Option option in new Option[] { all, digests, filter, noHeading, noTrunc, quiet, sort, format })
            verb.Options.Add(option);
        verb.Arguments.Add(reference);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            bool json = Formats.IsJson(parsed.GetValue(format)), whole = parsed.GetValue(noTrunc);
            ImageStore store = storeFlags.Open(parsed);
            ImageFilter wanted = ImageFilter.Parse([.. parsed.GetValue(filter) ?? [], .. parsed.GetValue(reference) is { } named ? [$"reference={named}"] : (string[])[]], store);
            IReadOnlyList<ImageReport> images = ImageReports.Of(store, wanted.Fits);
            IReadOnlyList<ImageRow> rows = ImageTable.Sorted(ImageRow.Of(images), parsed.GetValue(sort)!);
            if (json)
                Json.Write([.. rows.Select(row => row.Image).DistinctBy(image => image.Digest)], JsonReports.Default.IReadOnlyListImageReport);
            else if (parsed.GetValue(quiet))
                rows.Select(row => ImageTable.IdOf(row.Image, whole)).Distinct().ToList().ForEach(Streams.Output.WriteLine);
            else
                ImageTable.Print(rows, parsed.GetValue(digests), whole, !parsed.GetValue(noHeading));
            return 0;
        }));
        return verb;
    }
}
