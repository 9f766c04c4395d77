using System.Formats.Tar;

namespace Podspawn.Oci.Benchmarks;

/// <summary>An image of five layers with a thousand files each, whose data compresses about two to one; the same each time.</summary>
internal static class BenchImage
{
    internal const int Megabytes = 200;
    private const int Layers = 5;
    private const int FilesPerLayer = 1000;
    private const int AverageSize = Megabytes * 1_000_000 / (Layers * FilesPerLayer);

    /// <summary>Creates the image and pushes it.</summary>
    /// <returns>Its name in the registry.</returns>
    internal static async Task<string> Push(string busybox, string work, LoopbackRegistry registry)
    {
        string layout = $"{work}/image", tar = $"{work}/layer.tar";
        Tool.Run("umoci", "init", "--layout", layout);
        Tool.Run("umoci", "new", "--image", $"{layout}:image");
        Tool.Run("tar", "--create", $"--file={tar}", "--directory", busybox, ".");
        Tool.Run("umoci", "raw", "add-layer", "--image", $"{layout}:image", tar);
        var random = new Random(1);
        for (int layer = 0; layer < Layers; layer++)
        {
            Write(tar, layer, random);
            Tool.Run("umoci", "raw", "add-layer", "--image", $"{layout}:image", tar);
        }
        await registry.Push($"oci:{layout}:image", "bench:1");
        Directory.Delete(layout, recursive: true);
        File.Delete(tar);
        return $"{registry.Host}/bench:1";
    }

    private static void Write(string path, int layer, Random random)
    {
        using FileStream file = File.Create(path);
        using var tar = new TarWriter(file, TarEntryFormat.Pax);
        for (int i = 0; i < FilesPerLayer; i++)
        {
            // Sizes from nothing to twice the average, half of each file noise and half of it one byte.
            byte[] content = new byte[random.Next(2 * AverageSize)];
            random.NextBytes(content.AsSpan(0, content.Length / 2));
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, $"data/{layer}/{i % 20}/{i}") { DataStream = new MemoryStream(content), ModificationTime = DateTimeOffset.UnixEpoch });
        }
    }
}
