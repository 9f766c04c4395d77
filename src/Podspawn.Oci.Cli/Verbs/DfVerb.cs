using System.CommandLine;
using System.Globalization;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Cli.Templates;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Text;
using Podspawn.Oci.Volumes;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>system df</c>: what images, containers and volumes take of the disk.</summary>
internal static class DfVerb
{
    private const string Group = "a kind in system df";
    private const int LongestCommand = 20;

    internal static Command Create()
    {
        var storeFlags = new StoreFlags();
        Option<string> format = OutputFormat.Option();
        var verbose = new Option<bool>("--verbose", "-v") { Description = "Show each image, container and volume", Arity = ArgumentArity.Zero };
        var verb = new Command("df", """
            Show what images, containers and volumes take of the disk, how many of them are in use, and what a removal of the others would
            bring. Of an image that is its root filesystem and its packed layers, of a container what it has written, of a volume its files.

            Examples:
              podspawn-oci system df
              podspawn-oci system df --verbose
              podspawn-oci system df --format '{{.Type}} {{.Reclaimable}}'
            """);
        verb.Options.Add(verbose);
        verb.Options.Add(format);
        storeFlags.AddTo(verb);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            OutputFormat form = OutputFormat.Read(parsed.GetValue(format), Group, () => [.. JsonValues.NamesOf(DiskUsageJson.Default.DiskUsageRow)]);
            bool each = parsed.GetValue(verbose);
            if (each && (form.IsJson || form.Template is not null))
                throw new UsageException("--format and --verbose exclude each other; give one of them");
            DiskUsage usage = DiskUsage.Of(storeFlags.Open(parsed));
            if (each)
                PrintEach(usage);
            else if (form.IsJson)
                Json.Write(usage.Rows(), DiskUsageJson.Default.IReadOnlyListDiskUsageRow);
            else if (form.Template is not null)
                form.Print([.. usage.Rows().Select(row => JsonValues.Of(row, DiskUsageJson.Default.DiskUsageRow, Group))]);
            else
                Print(usage.Rows());
            return 0;
        }));
        return verb;
    }

    private static void Print(IReadOnlyList<DiskUsageRow> rows)
    {
        var table = new TextTable("TYPE", "TOTAL", "ACTIVE", "SIZE", "RECLAIMABLE");
        foreach (DiskUsageRow row in rows)
            table.Add(row.Type, Number(row.Total), Number(row.Active), row.Size, row.Reclaimable);
        table.Print();
    }

    private static void PrintEach(DiskUsage usage)
    {
        var images = new TextTable("REPOSITORY", "TAG", "IMAGE ID", "CREATED", "SIZE", "SHARED SIZE", "UNIQUE SIZE", "CONTAINERS");
        foreach ((ImageRow row, long shared, long unique) in usage.Images())
        {
            images.Add(
                row.Repository, row.Tag, ImageTable.IdOf(row.Image, whole: false), Age.Since(row.Image.Created ?? row.Image.Pulled), ByteSize.Format(shared + unique),
                ByteSize.Format(shared), ByteSize.Format(unique), Number(row.Image.Containers.Count));
        }
        var containers = new TextTable("CONTAINER ID", "IMAGE", "COMMAND", "LOCAL VOLUMES", "SIZE", "CREATED", "STATUS", "NAMES");
        foreach ((Container container, long written) in usage.Containers)
        {
            containers.Add(
                container.ShortId, DiskUsage.ImageOf(container), Shortened(string.Join(' ', container.Definition.Command)), Number(VolumesOf(container)), ByteSize.Format(written),
                Age.Since(container.Definition.Created), ContainerReports.Status(container), container.Name);
        }
        var volumes = new TextTable("VOLUME NAME", "LINKS", "SIZE");
        foreach ((string name, int links, long size) in usage.Volumes)
            volumes.Add(name, Number(links), ByteSize.Format(size));
        Show("Images space usage:", images);
        Show("\nContainers space usage:", containers);
        Show("\nLocal Volumes space usage:", volumes);
    }

    private static void Show(string title, TextTable table)
    {
        Streams.Output.WriteLine($"{title}\n");
        table.Print();
    }

    private static int VolumesOf(Container container) => VolumeUses.NamesIn(container.Definition).Count();

    private static string Shortened(string command) =>
        Printable.Clean(command, int.MaxValue) is var clean && clean.Length > LongestCommand ? $"{clean[..(LongestCommand - 1)]}…" : clean;

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
