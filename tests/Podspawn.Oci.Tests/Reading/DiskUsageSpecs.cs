using Podspawn.Oci.Cli.Output;

namespace Podspawn.Oci.Tests.Reading;

/// <summary>The rows of system df.</summary>
public sealed class DiskUsageSpecs
{
    [Theory]
    [InlineData(0, 0, "0B", "0B (0%)")]
    [InlineData(3_000_000, 1_000_000, "3MB", "1MB (33%)")]
    [InlineData(1500, 1500, "1.5kB", "1.5kB (100%)")]
    [InlineData(1000, 5, "1kB", "5B (0%)")]
    public void Sizes_are_shown_as_podman_shows_them(long size, long reclaimable, string shown, string part)
    {
        var row = new DiskUsageRow("Images", 2, 1, size, reclaimable);
        Assert.Equal((shown, part, 2), (row.Size, row.Reclaimable, row.TotalCount));
    }
}
