using System.Text;
using Podspawn.Oci.Images;
using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.Images.Fetching;
using Podspawn.Oci.Images.Store;

namespace Podspawn.Oci.Fuzzing.Targets;

/// <summary>
/// The JSON documents of an image. An input is an index, a manifest and a configuration separated by NULs, as in a fetched layout: the manifest's
/// digest is all zeros, the configuration's all ones, a layer's all twos.
/// </summary>
internal static class ImageDocumentsTarget
{
    private static readonly string[] Digits = ["0", "1", "2"];

    internal static FuzzTarget Target { get; } = new("image-documents", [typeof(ImageException)], Read);

    private static void Read(byte[] input)
    {
        byte[][] parts = Split(input);
        var paths = new StorePaths(Scratch.Root);
        _ = Tolerated(() => ImageJson.ParseTags(Encoding.UTF8.GetString(parts[0])));
        _ = Tolerated(() => ImageJson.ParseManifest(Encoding.UTF8.GetString(parts[0])));
        string layout = Path.GetDirectoryName(Scratch.Write("layout/index.json", parts[0]))!;
        for (int i = 0; i < Digits.Length; i++)
            Scratch.Write(Path.GetRelativePath(Scratch.Root, paths.Blob(DigestOf(Digits[i]))), i + 1 < parts.Length ? parts[i + 1] : "layer"u8);
        FetchedImage image = FetchedImage.Read(layout, paths);
        Promise.Hold(image.Blobs.All(Digest.IsValid), "a blob's name is a digest");
        ImageProcess process = image.Process;
        Promise.Hold(IsNormal(process.WorkingDirectory), "the working directory is an absolute path that leads nowhere else");
        Promise.Hold(process.Volumes.All(volume => volume != "/" && IsNormal(volume)), "a volume is an absolute path that leads nowhere else");
        Promise.Hold(process.Environment.All(variable => variable.IndexOf('=') > 0), "a variable has a name");
    }

    private static string DigestOf(string digit) => Digest.FromHex(string.Concat(Enumerable.Repeat(digit, 64)));

    private static bool IsNormal(string path) => path.StartsWith('/') && Path.GetFullPath(path) == path && !path.Contains('\0');

    private static byte[][] Split(byte[] input)
    {
        var parts = new List<byte[]>();
        foreach (Range part in input.AsSpan().Split((byte)0))
            parts.Add(input[part]);
        return [.. parts];
    }

    // The documents that follow are read all the same.
    private static T? Tolerated<T>(Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (ImageException)
        {
            return null;
        }
    }
}
