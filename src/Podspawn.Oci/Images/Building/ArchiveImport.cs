using System.Globalization;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.Images.Fetching;
using Podspawn.Oci.Images.Tools;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Images.Building;

/// <summary>The limits of an import, and who receives its progress.</summary>
/// <param name="MaxSize">The size limit of the decompressed archive, in bytes.</param>
/// <param name="Environment">The variables that differ in the environment of the programs that do the work.</param>
/// <param name="Advance">Receives the number of bytes of the file that were read so far.</param>
/// <param name="Cancel">Cancels the import.</param>
internal sealed record ImportLimits(long MaxSize, IReadOnlyDictionary<string, string?> Environment, Action<long> Advance, CancellationToken Cancel);

/// <summary>Creates an image with one layer from a root filesystem's tar archive, with umoci.</summary>
public static class ArchiveImport
{
    private static string CreatedBy => Operation.Import.ToString();

    /// <summary>Creates an OCI image layout.</summary>
    /// <param name="file">The archive, uncompressed or compressed with gzip, bzip2, xz or zstd; <c>-</c> for the standard input.</param>
    /// <param name="layoutDirectory">The directory to create; it must not exist.</param>
    /// <param name="tag">The image's tag in the layout.</param>
    /// <param name="changes">How the image asks to be run.</param>
    /// <exception cref="ImageException">The import failed; nothing is left of the layout.</exception>
    public static void ToLayout(string file, string layoutDirectory, string tag, ImageChanges changes) =>
        ToLayout(file, layoutDirectory, tag, changes, new ImportLimits(long.MaxValue, new Dictionary<string, string?>(), _ => { }, CancellationToken.None));

    /// <summary>Creates an OCI image layout within limits.</summary>
    internal static void ToLayout(string file, string layoutDirectory, string tag, ImageChanges changes, ImportLimits limits)
    {
        string layout = Path.GetFullPath(layoutDirectory);
        // umoci takes the text after a colon for the tag.
        if (layout.Contains(':'))
            throw new ImageException($"{layout}: a layout's path cannot have ':' in it; name another directory");
        if (Path.Exists(layout))
            throw new ImageException($"{layout}: is there already; name a directory that is not");
        IReadOnlyList<string> configuration = changes.ToUmociArguments();
        using ArchiveSource source = ArchiveSource.Open(file);
        bool done = false;
        try
        {
            string now = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
            string image = $"{layout}:{tag}";
            Run(source, limits, ["init", "--layout", layout]);
            Run(source, limits, ["new", "--image", image]);
            LayerImport.Add(source, [
                "raw", "add-layer", "--image", image, $"--history.created={now}", $"--history.created_by={CreatedBy}",
                $"--history.comment=Imported from {(file == ArchiveSource.StandardInput ? file : Path.GetFileName(file))}", "/dev/stdin",
            ], limits);
            Run(source, limits, [
                "config", "--image", image, "--no-history", $"--created={now}",
                $"--architecture={ImagePlatform.Host.Architecture}", $"--os={ImagePlatform.Host.Os}", .. configuration,
            ]);
            // Removes what the image was before each of these steps.
            Run(source, limits, ["gc", "--layout", layout]);
            RequireKept(source, layout, changes);
            done = true;
        }
        finally
        {
            if (!done)
                TreeRemoval.Remove(layout);
        }
    }

    // Programs that parse flags differ in how they treat commas and empty words: a change that was lost must be noticed now, not later.
    private static void RequireKept(ArchiveSource source, string layout, ImageChanges changes)
    {
        ImageManifest index = ImageJson.ReadManifest($"{layout}/index.json");
        ImageManifest? manifest = index.Manifests is [{ Digest: { } digest }] ? ImageJson.ReadManifest(BlobIn(layout, digest)) : null;
        ImageExecution kept = manifest?.Config?.Digest is { } config ? ImageJson.ReadConfiguration(BlobIn(layout, config)).Config ?? new ImageExecution() : new ImageExecution();
        bool same = changes.Entrypoint.SequenceEqual(kept.Entrypoint ?? [])
            && changes.Command.SequenceEqual(kept.Cmd ?? [])
            && changes.Environment.Select(variable => $"{variable.Key}={variable.Value}").SequenceEqual(kept.Env ?? [])
            && changes.Volumes.ToHashSet().SetEquals(kept.Volumes?.Keys ?? [])
            && (changes.User ?? "") == (kept.User ?? "")
            && (changes.WorkingDirectory ?? "") == (kept.WorkingDir ?? "")
            && (changes.StopSignal ?? "") == (kept.StopSignal ?? "");
        if (manifest?.Layers is not { Count: 1 } || !same)
            throw new ImageException($"{source.Name}: umoci has not kept what {Setting.Change} says; leave odd characters away, or install another version of umoci");
    }

    private static string BlobIn(string layout, string digest) => $"{layout}/blobs/sha256/{Digest.Hex(digest)}";

    private static void Run(ArchiveSource source, ImportLimits limits, IReadOnlyList<string> arguments)
    {
        (int status, _, string error) = ToolRun.Execute(Umoci.Program, arguments, limits.Environment, limits: null, limits.Cancel);
        if (status != 0)
            throw ToolFailure.Of(source.Name, Umoci.Program, status, error);
    }
}
