using System.CommandLine;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.Images.References;
using Podspawn.Oci.Images.Store;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>image mount</c> and <c>image unmount</c>: the files of images for people who look at them.</summary>
internal static class ImageMountVerbs
{
    internal static Command CreateMount()
    {
        var storeFlags = new StoreFlags();
        var all = new Option<bool>("--all", "-a") { Description = "Mount every image", Arity = ArgumentArity.Zero };
        var images = new Argument<string[]>("IMAGE") { Description = "A name, an id, a digest, or its first digits; without one the mounted images are listed",
            Arity = ArgumentArity.ZeroOrMore };
        var verb = new Command("mount", """
            Mount images read-only, and tell where. Nothing in such a mount can be run or is a device. A mounted image cannot be removed.

            Examples:
              podspawn-oci image mount debian:12
              podspawn-oci image mount
            """);
        storeFlags.AddTo(verb);
        verb.Options.Add(all);
        verb.Arguments.Add(images);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            ImageStore store = storeFlags.Open(parsed);
            var mounts = new ImageMounts(store);
            string[] named = Named(parsed, images, all, store);
            if (named.Length == 0)
            {
                foreach ((StoredImage image, string path) in mounts.All())
                    Streams.Output.WriteLine($"{NameOf(image)} {path}");
                return 0;
            }
            // All of them are given by their digests.
            Dictionary<string, string> names = parsed.GetValue(all) ? store.All().ToDictionary(image => image.Record.Digest, NameOf) : [];
            return EachContainer.Do(named, text =>
            {
                string path = mounts.Mount(ImageSource.Parse(text));
                Streams.Output.WriteLine(parsed.GetValue(all) ? $"{names.GetValueOrDefault(text, text)} {path}" : named.Length == 1 ? path : $"{text} {path}");
            });
        }));
        return verb;
    }

    internal static Command CreateUnmount()
    {
        var storeFlags = new StoreFlags();
        var all = new Option<bool>("--all", "-a") { Description = "Unmount every image", Arity = ArgumentArity.Zero };
        var force = new Option<bool>("--force", "-f") { Description = "Unmount one that is in use as soon as it is not", Arity = ArgumentArity.Zero };
        var images = new Argument<string[]>("IMAGE") { Description = "A name, an id, a digest, or its first digits", Arity = ArgumentArity.ZeroOrMore };
        var verb = new Command("unmount", """
            Unmount images that image mount has mounted, and print their ids.

            Examples:
              podspawn-oci image unmount debian:12
            """);
        verb.Aliases.Add("umount");
        storeFlags.AddTo(verb);
        verb.Options.Add(all);
        verb.Options.Add(force);
        verb.Arguments.Add(images);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            ImageStore store = storeFlags.Open(parsed);
            var mounts = new ImageMounts(store);
            string[] named = parsed.GetValue(all) ? [.. mounts.All().Select(mount => mount.Image.Record.Digest)] : parsed.GetValue(images) ?? [];
            if (named.Length == 0 && !parsed.GetValue(all))
                throw new UsageException("IMAGE is missing; write podspawn-oci image unmount IMAGE..., or podspawn-oci image unmount --all");
            return EachContainer.Do(named, text =>
            {
                // As in podman one that is not mounted needs nothing.
                if (mounts.Unmount(ImageSource.Parse(text), parsed.GetValue(force)) is { } unmounted)
                    Streams.Output.WriteLine(Digest.Hex(unmounted.Config));
            });
        }));
        return verb;
    }

    private static string NameOf(StoredImage image) => image.Names.Count > 0 ? image.Names[0] : Digest.Abbreviated(image.Record.Config);

    private static string[] Named(ParseResult parsed, Argument<string[]> images, Option<bool> all, ImageStore store)
    {
        string[] named = parsed.GetValue(images) ?? [];
        if (!parsed.GetValue(all))
            return named;
        return named.Length == 0
            ? [.. store.All().Select(image => image.Record.Digest)]
            : throw new UsageException("--all: means every image; name images, or leave the flag away");
    }
}
