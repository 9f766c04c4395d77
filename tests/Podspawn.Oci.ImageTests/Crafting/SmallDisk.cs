using CliWrap;

namespace Podspawn.Oci.ImageTests.Crafting;

/// <summary>A filesystem in memory of a given size.</summary>
internal sealed class SmallDisk : IDisposable
{
    internal SmallDisk(string path, string size)
    {
        Path = path;
        Directory.CreateDirectory(path);
        Cli.Wrap("mount").WithArguments(["-t", "tmpfs", "-o", $"size={size},mode=0700", "tmpfs", path]).ExecuteAsync().GetAwaiter().GetResult();
    }

    internal string Path { get; }

    /// <inheritdoc/>
    public void Dispose() => Cli.Wrap("umount").WithArguments(["--lazy", Path]).ExecuteAsync().GetAwaiter().GetResult();
}
