using System.CommandLine;
using Podspawn.Oci.Cli.Callbacks;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Images.Building;
using Podspawn.Oci.Images.Fetching;
using Podspawn.Oci.Images.References;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>import</c>: imports an archive of a root filesystem into the store.</summary>
internal static class ImportVerb
{
    internal static Command Create()
    {
        var storeFlags = new StoreFlags();
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Show no progress", Arity = ArgumentArity.Zero };
        Option<string?> maxSize = FetchFlags.MaxSize("The most that the archive may have once decompressed, and that unpacking it may write (default: 32g)");
        var change = new Option<string[]>("--change", "-c")
        {
            HelpName = "INSTRUCTION", Description = "A Dockerfile's CMD, ENTRYPOINT, ENV, EXPOSE, LABEL, STOPSIGNAL, USER, VOLUME or WORKDIR for the image; may be given again",
                Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = false,
        };
        var file = new Argument<string>("FILE") { Description = "A tar archive, as it is or compressed with gzip, bzip2, xz or zstd; - for the standard input" };
        var name = new Argument<string?>("REF") { Description = "The image's name, such as tool:1.0", Arity = ArgumentArity.ZeroOrOne };
        var verb = new Command("import", """
            Make an image with one layer from an archive of a root filesystem, and unpack it into the store. Prints the digest of its manifest.

            Examples:
              podspawn-oci import rootfs.tar.xz tool:1.0
              podspawn-oci import --change 'CMD ["sh"]' --change 'ENV LANG=C.UTF-8' rootfs.tar tool
              debootstrap --variant=minbase bookworm root && tar -C root -c . | podspawn-oci import - bookworm
            """);
        storeFlags.AddTo(verb);
        verb.Options.Add(change);
        verb.Options.Add(maxSize);
        verb.Options.Add(quiet);
        verb.Arguments.Add(file);
        verb.Arguments.Add(name);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            ImageChanges changes = ImageChanges.Parse(parsed.GetValue(change) ?? []);
            ImageName? called = parsed.GetValue(name) is { } text ? ImageWords.New(text) : null;
            var options = new FetchOptions();
            if (parsed.GetValue(maxSize) is { } size)
                options = options with { MaxSize = FetchFlags.Size(size) };
            var importer = new ImageImporter(storeFlags.Open(parsed), options, new FetchProgress(parsed.GetValue(quiet)), OwnProgram.Signals);
            Streams.Output.WriteLine(importer.Import(parsed.GetValue(file)!, changes, called).Digest);
            return 0;
        }));
        return verb;
    }
}
