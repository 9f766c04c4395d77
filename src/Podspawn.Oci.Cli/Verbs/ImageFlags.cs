using System.CommandLine;
using System.Text.Json;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Images.Fetching;
using Podspawn.Oci.Images.References;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.RootFilesystems;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary>The flags of a launch for images and the layer on top of them.</summary>
internal sealed class ImageFlags
{
    private readonly Option<string?> image = new("--image") { HelpName = "IMAGE", Description = "The image to run from" };
    private readonly Option<string> pull = new("--pull") { HelpName = "missing|always|never", Description = "Whether to fetch the image", DefaultValueFactory = _ => "missing" };
    private readonly Option<string?> entrypoint = new("--entrypoint") { HelpName = "COMMAND",
        Description = "Run this in place of the image's entry point; a JSON list may hold arguments" };
    private readonly Option<string> imageVolume = new("--image-volume")
    {
        HelpName = "bind|tmpfs|ignore",
        Description = "What becomes of the volumes that the image declares: volumes without a name, empty tmpfs mounts, or nothing",
        DefaultValueFactory = _ => "bind",
    };
    private readonly Option<string> storageDriver = new("--storage-driver")
    {
        HelpName = "auto|overlay|fuse-overlayfs|copy",
        Description = "What takes the container's writes",
        DefaultValueFactory = _ => "auto",
    };

    private readonly FetchFlags fetch = new();
    private readonly StoreFlags store = new();

    internal void AddTo(Command verb)
    {
        foreach (Option option in new Option[] { image, pull, entrypoint, imageVolume, storageDriver })
            verb.Options.Add(option);
        fetch.AddTo(verb);
        store.AddTo(verb);
    }

    /// <summary>The image that --image names; null for none.</summary>
    internal ImageSource? Flag(ParseResult parsed, bool rootIsNamed)
    {
        if (parsed.GetValue(image) is not { } text)
            return null;
        return rootIsNamed
            ? throw new UsageException("--image excludes --rootfs and --bundle; give one of them")
            : ImageSource.Parse(text);
    }

    /// <summary>Refuses values that cannot be followed, whether or not the launch is from an image.</summary>
    /// <exception cref="UsageException">A flag is wrong.</exception>
    internal void Check(ParseResult parsed)
    {
        Pull(parsed.GetValue(pull));
        Volumes(parsed);
        fetch.Read(parsed);
    }

    internal ImageRequest Request(ParseResult parsed, ImageSource source) => new(source, Pull(parsed.GetValue(pull)), fetch.Read(parsed), store.Root(parsed));

    /// <summary>What becomes of the image's volumes.</summary>
    internal ImageVolumeMode Volumes(ParseResult parsed) => parsed.GetValue(imageVolume) switch
    {
        "bind" or "anonymous" or null => ImageVolumeMode.Volume,
        "tmpfs" => ImageVolumeMode.Tmpfs,
        "ignore" => ImageVolumeMode.None,
        string other => throw new UsageException($"--image-volume: '{other}' is not known; use bind, tmpfs or ignore"),
    };

    internal StorageDriver Driver(ParseResult parsed) => parsed.GetValue(storageDriver) switch
    {
        "auto" or null => StorageDriver.Auto,
        "overlay" or "overlay2" => StorageDriver.Overlay,
        "fuse-overlayfs" => StorageDriver.FuseOverlayfs,
        "copy" or "vfs" => StorageDriver.Copy,
        string other => throw new UsageException($"--storage-driver: '{other}' is not known; use auto, overlay, fuse-overlayfs or copy"),
    };

    /// <summary>One word, as in docker, or podman's JSON list. An empty value removes the image's entry point.</summary>
    internal IReadOnlyList<string>? Entrypoint(ParseResult parsed)
    {
        string? text = parsed.GetValue(entrypoint);
        if (text is null or "")
            return text is null ? null : [];
        if (!text.StartsWith('['))
            return [text];
        try
        {
            return JsonSerializer.Deserialize(text, JsonReports.Default.IReadOnlyListString) ?? [];
        }
        catch (JsonException)
        {
            throw new UsageException($"--entrypoint: '{text}' is no JSON list of strings; write '[\"COMMAND\", \"ARGUMENT\"]', or the command alone");
        }
    }

    private static PullPolicy Pull(string? text) => text switch
    {
        "missing" or null => PullPolicy.Missing,
        "always" => PullPolicy.Always,
        "never" => PullPolicy.Never,
        _ => throw new UsageException($"--pull: '{text}' is not known; use missing, always or never"),
    };
}
