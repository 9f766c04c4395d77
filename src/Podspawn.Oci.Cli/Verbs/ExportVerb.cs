using System.CommandLine;
using Podspawn.Oci.Cli.Callbacks;
using Podspawn.Oci.Images;
using Podspawn.Oci.Images.Exporting;
using Podspawn.Oci.Images.References;
using Podspawn.Oci.Images.Store;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Native;
using Podspawn.Oci.Terminals;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>export</c>: writes a root filesystem as a tar archive.</summary>
internal static class ExportVerb
{
    internal static Command Create()
    {
        var storeFlags = new StoreFlags();
        var output = new Option<string?>("--output", "-o") { HelpName = "FILE", Description = "The file to write, instead of the standard output" };
        var image = new Argument<string>("CONTAINER|IMAGE") { Description = "A container, or the name of an image in the store, a digest, or its first digits" };
        var verb = new Command("export", """
            Write the root filesystem of a container, or of an image in the store, as a tar archive, with names, owners and
            attributes as they are. What is mounted in a container is left out.

            Examples:
              podspawn-oci export --output now.tar my-container
              podspawn-oci export --output rootfs.tar debian:12
              podspawn-oci export debian:12 | tar -t
            """);
        storeFlags.AddTo(verb);
        verb.Options.Add(output);
        verb.Arguments.Add(image);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            string? file = parsed.GetValue(output);
            if (file is null && TerminalSize.IsTerminal(1))
                throw new UsageException("standard output: is a terminal; redirect it, or name a file with --output");
            string text = parsed.GetValue(image)!;
            ContainerRegistry registry = EachContainer.Registry();
            if (registry.TryFind(text) is { } container)
            {
                new ContainerLayer(registry).Use(container, directory => Export(text, directory, file));
                return 0;
            }
            using ImageLease lease = Hold(storeFlags.Open(parsed), text);
            Export(text, lease.RootPath, file);
            return 0;
        }));
        return verb;
    }

    private static ImageLease Hold(ImageStore store, string text) =>
        (store.Find(ImageSource.Parse(text)) is { } record ? store.Hold(record) : null)
        ?? throw new ImageException($"{text}: no such container is there, and no such image is in the store; podspawn-oci images lists those");

    private static void Export(string text, string directory, string? file)
    {
        foreach (string change in Export(directory, file))
            Failures.Report($"warning: {text}: {change}");
    }

    private static IReadOnlyList<string> Export(string directory, string? file) =>
        file is null ? ToOutput(stdout => TreeExport.Write(directory, stdout)) : ExportFile.Write(directory, file, OwnProgram.Signals);

    /// <summary>Writes an archive to the standard output.</summary>
    /// <param name="write">Writes it, and returns what differs from the tree.</param>
    /// <exception cref="ImageException">The output cannot be written.</exception>
    internal static IReadOnlyList<string> ToOutput(Func<Stream, IReadOnlyList<string>> write)
    {
        using var stdout = new DescriptorStream(1);
        try
        {
            return write(stdout);
        }
        catch (IOException e)
        {
            throw new ImageException($"standard output: cannot be written: {e.Message}; see that its reader takes all of it");
        }
    }
}
