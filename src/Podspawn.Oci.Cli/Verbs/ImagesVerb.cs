using System.CommandLine;
using System.Globalization;
using Podspawn.Oci.Cli.Inspecting;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>images</c>: lists the images of the store.</summary>
internal static class ImagesVerb
{
    internal static Command Create()
    {
        var storeFlags = new StoreFlags();
        Option<string> format = OutputFormat.Option();
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Show digests only", Arity = ArgumentArity.Zero };
        var noTrunc = new Option<bool>("--no-trunc") { Description = "Show digests in full", Arity = ArgumentArity.Zero };
        var verb = new Command("images", """
            List the images of the store, the newest first: name, digest of the manifest, platform, number of layers, size on disk, when a
            container was last run from it, and which containers run from it now.

            Examples:
              podspawn-oci images
              podspawn-oci images --format json
              podspawn-oci images --format '{{.Repository}}:{{.Tag}}'
            """);
        storeFlags.AddTo(verb);
        verb.Options.Add(quiet);
        verb.Options.Add(noTrunc);
        verb.Options.Add(format);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            OutputFormat form = OutputFormat.Read(parsed.GetValue(format), ListedImages.Group, ListedImages.Fields, "IMAGE ID");
            IReadOnlyList<ImageReport> images = ImageReports.Of(storeFlags.Open(parsed), _ => true);
            string Shown(string digest) => parsed.GetValue(noTrunc) ? digest : Digest.Abbreviated(digest);
            if (form.IsJson)
                Json.Write([.. images.Select(ListedImages.Of)], InspectJson.Default.IReadOnlyListListedImage);
            else if (form.Template is not null)
                form.Print([.. images.SelectMany(image => ListedImages.Rows(image, parsed.GetValue(noTrunc)))]);
            else if (parsed.GetValue(quiet))
                images.ToList().ForEach(image => Streams.Output.WriteLine(Shown(image.Digest)));
            else
                Print(images, Shown);
            return 0;
        }));
        return verb;
    }

    private static void Print(IReadOnlyList<ImageReport> images, Func<string, string> shown)
    {
        var table = new TextTable("IMAGE", "DIGEST", "PLATFORM", "LAYERS", "SIZE", "PULLED", "USED", "CONTAINERS");
        foreach (ImageReport image in images)
        {
            foreach (string name in image.Names.DefaultIfEmpty("<none>"))
            {
                table.Add(
                    name, shown(image.Digest), image.Platform, image.Layers.Count.ToString(CultureInfo.InvariantCulture), ByteSize.Format(image.Size),
                    Age.Since(image.Pulled), image.Used is { } used ? Age.Since(used) : "never", string.Join(' ', image.Containers));
            }
        }
        table.Print();
    }
}
