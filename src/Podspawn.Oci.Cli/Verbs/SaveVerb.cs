using System.CommandLine;
using Podspawn.Oci.Cli.Callbacks;
using Podspawn.Oci.Images.References;
using Podspawn.Oci.Images.Saving;
using Podspawn.Oci.Native;
using Podspawn.Oci.Terminals;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>save</c>: writes images of the store to a file.</summary>
internal static class SaveVerb
{
    internal static Command Create()
    {
        var storeFlags = new StoreFlags();
        var format = new Option<string>("--format") { HelpName = "docker-archive|oci-archive|oci-dir", Description = "The form", DefaultValueFactory = _ => "docker-archive" };
        var output = new Option<string?>("--output", "-o") { HelpName = "FILE", Description = "The file to write, or the directory, instead of the standard output" };
        var multi = new Option<bool>("--multi-image-archive", "-m") { Description = "Taken for podman's sake: several images become one archive anyway",
            Arity = ArgumentArity.Zero };
        var uncompressed = new Option<bool>("--uncompressed") { Description = "Layers of oci-archive and oci-dir as tar archives that are not compressed",
            Arity = ArgumentArity.Zero };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Taken for podman's sake: no progress is shown", Arity = ArgumentArity.Zero };
        Option<string?> maxSize = FetchFlags.MaxSize("The most that the images' layers may have once decompressed (default: 32g)");
        var images = new Argument<string[]>("IMAGE") { Description = "A name, an id, a digest, or its first digits", Arity = ArgumentArity.OneOrMore };
        var verb = new Command("save", """
            Write images of the store to an archive that load reads, docker's and podman's too. Each image keeps the name that it was given by
            here; one that was given by its id has none in the archive.

            Examples:
              podspawn-oci save --output images.tar debian:12 tool:1.0
              podspawn-oci save tool | zstd > tool.tar.zst
              podspawn-oci save --format oci-dir --output layout tool
            """);
        storeFlags.AddTo(verb);
        foreach (Option option in new Option[] { format, output, multi, uncompressed, maxSize, quiet })
            verb.Options.Add(option);
        verb.Arguments.Add(images);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            SaveFormat form = Format(parsed.GetValue(format)!);
            string? file = parsed.GetValue(output);
            if (file is null && form == SaveFormat.OciDirectory)
                throw new UsageException("--format: oci-dir needs a directory; name it with --output");
            if (file is null && TerminalSize.IsTerminal(1))
                throw new UsageException("standard output: is a terminal; redirect it, or name a file with --output");
            ImageSource[] sources = [.. parsed.GetValue(images)!.Select(ImageSource.Parse)];
            var saver = new ImageSaver(storeFlags.Open(parsed), FetchFlags.MaxSizeOf(parsed.GetValue(maxSize)), OwnProgram.Signals)
            {
                Uncompressed = parsed.GetValue(uncompressed),
            };
            if (file is not null)
            {
                saver.Save(sources, form, file);
                return 0;
            }
            using var stdout = new DescriptorStream(1);
            saver.Save(sources, form, stdout);
            return 0;
        }));
        return verb;
    }

    private static SaveFormat Format(string text) => text switch
    {
        "docker-archive" => SaveFormat.DockerArchive,
        "oci-archive" => SaveFormat.OciArchive,
        "oci-dir" => SaveFormat.OciDirectory,
        _ => throw new UsageException($"--format: '{text}' is not known; use docker-archive, oci-archive or oci-dir"),
    };
}
