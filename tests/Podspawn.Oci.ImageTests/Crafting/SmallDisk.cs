namespace Podspawn.Oci.ImageTests.Crafting;

/// <summary>A filesystem in memory of a given size.</summary>
internal sealed class SmallDisk : IDisposable
{
    internal SmallDisk(string path, string size)
    {
        Path = path;
        Directory.CreateDirectory(path);
        Tool.Run("mount", "-t", "tmpfs", "-o", $"size={size},mode=0700", "tmpfs", path);
    }

    internal string Path { get; }

    /// <inheritdoc/>
    public void Dispose() => Tool.Run("umount", "--lazy", Path);
}
