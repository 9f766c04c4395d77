using Podspawn.Oci.State;
using Podspawn.Oci.Volumes;

namespace Podspawn.Oci.Tests.Volumes;

/// <summary>What a volume takes of the disk.</summary>
public sealed class VolumeSizeSpecs : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly VolumeStore volumes;
    private readonly string data;

    public VolumeSizeSpecs()
    {
        volumes = new VolumeStore(new StateLayout($"{directory.Path}/run", $"{directory.Path}/data"));
        data = volumes.Create("data", new Dictionary<string, string>()).Mountpoint;
    }

    public void Dispose() => directory.Dispose();

    [Fact]
    public void An_empty_one_and_one_of_directories_take_nothing()
    {
        Assert.Equal(0, VolumeSize.Of(volumes, "data"));
        Directory.CreateDirectory($"{data}/a/b/c");
        Assert.Equal(0, VolumeSize.Of(volumes, "data"));
    }

    [Fact]
    public void A_file_counts_once_whatever_its_names_and_links_count_nothing()
    {
        Directory.CreateDirectory($"{data}/deep");
        File.WriteAllText($"{data}/deep/file", "content");
        Tool.Run("ln", $"{data}/deep/file", $"{data}/twin");
        File.CreateSymbolicLink($"{data}/link", "/usr/bin");
        Assert.Equal(7, VolumeSize.Of(volumes, "data"));
    }

    [Fact]
    public void Holes_are_no_use_of_the_disk()
    {
        using (FileStream file = File.Create($"{data}/sparse"))
            file.SetLength(1L << 40);
        Assert.InRange(VolumeSize.Of(volumes, "data"), 0, 1 << 20);
    }

    [Fact]
    public void One_that_is_gone_takes_nothing() => Assert.Equal(0, VolumeSize.Of(volumes, "never"));
}
