using System.Formats.Tar;
using Podspawn.Oci.Images.Fetching;

namespace Podspawn.Oci.Fuzzing.Targets;

/// <summary>A layer's archive, whose paths are counted before it is unpacked: where it is damaged, the unpacking tool refuses it.</summary>
internal static class LayerDepthTarget
{
    internal static FuzzTarget Target { get; } = new("layer-depth", [], Read);

    private static void Read(byte[] input)
    {
        string path = Scratch.Write("layer.tar", input);
        string? found = LayerDepth.FindTooDeep(path, CancellationToken.None);
        if (found is null && DeepestIn(input) is { } missed)
            throw new BrokenPromiseException($"a path of {missed} parts, which another reader of archives sees, is found");
    }

    private static int? DeepestIn(byte[] input)
    {
        int deepest = 0;
        try
        {
            using var tar = new TarReader(new MemoryStream(input));
            while (tar.GetNextEntry() is { } entry)
                deepest = Math.Max(deepest, entry.Name.Split('/').Count(part => part is not ("" or ".")));
        }
        catch (Exception e) when (e is InvalidDataException or IOException or FormatException or OverflowException or ArgumentException or InvalidOperationException
            or NotSupportedException)
        {
            // The part before the damage was read all the same.
        }
        return deepest > LayerDepth.Deepest ? deepest : null;
    }
}
