using System.Formats.Tar;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Lifecycle.Volumes;
using Podspawn.Oci.State;
using Podspawn.Oci.Volumes;

namespace Podspawn.Oci.Tests.Volumes;

/// <summary>The content of volumes as archives, out and in.</summary>
public sealed class VolumeTransferSpecs : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly VolumeStore volumes;
    private readonly VolumeTransfer transfer;
    private readonly List<string> warnings = [];

    public VolumeTransferSpecs()
    {
        volumes = new VolumeStore(new StateLayout($"{directory.Path}/run", $"{directory.Path}/data"));
        transfer = new VolumeTransfer(volumes, signals: null);
    }

    public void Dispose() => directory.Dispose();

    [Fact]
    public void What_goes_out_comes_in_with_owners_modes_links_and_attributes()
    {
        string from = Make("from"), to = Make("to");
        Tool.Run("sh", "-c", $"cd '{from}' && mkdir d && echo hello >d/file && ln d/file twin && ln -s /etc/passwd out && chown -hR 5:6 d && chmod 4711 d/file && setfattr -n user.note -v kept twin");
        Assert.Empty(transfer.Export("from", $"{directory.Path}/all.tar"));
        File.WriteAllText($"{to}/stays", "stays");
        transfer.Import("to", $"{directory.Path}/all.tar", warnings.Add);
        Assert.Empty(warnings);
        string Listed(string place) => Tool.Run("sh", "-c", $"cd '{place}' && find . ! -name stays ! -name . -printf '%p %M %U:%G %n %l\\n' | sort && getfattr --only-values -n user.note twin");
        Assert.Equal(Listed(from), Listed(to));
        Assert.Equal("stays", File.ReadAllText($"{to}/stays"));
    }

    [Fact]
    public void A_compressed_archive_comes_in_and_a_stream_goes_out()
    {
        File.WriteAllText($"{Make("from")}/file", "hello");
        using (FileStream archive = File.Create($"{directory.Path}/all.tar"))
            transfer.Export("from", archive);
        Tool.Run("gzip", $"{directory.Path}/all.tar");
        transfer.Import(volumes.Create("to", new Dictionary<string, string>()).Name, $"{directory.Path}/all.tar.gz", warnings.Add);
        Assert.Equal("hello", File.ReadAllText($"{volumes.Find("to").Mountpoint}/file"));
    }

    [Theory]
    [InlineData("../out", null)]
    [InlineData("a/../../out", null)]
    [InlineData("link/out", "..")]
    [InlineData("link/out", "/")]
    public void No_archive_leads_out(string name, string? link)
    {
        string data = Make("data");
        string archive = $"{directory.Path}/evil.tar";
        using (var tar = new TarWriter(File.Create(archive), TarEntryFormat.Pax))
        {
            if (link is not null)
                tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "link") { LinkName = link });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream("evil"u8.ToArray()) });
        }
        if (link is null)
        {
            ContainerException refused = Assert.Throws<ContainerException>(() => transfer.Import("data", archive, warnings.Add));
            Assert.Contains($"{archive}: the archive has the name", refused.Message, StringComparison.Ordinal);
        }
        else
        {
            // The link leads to the volume's own root.
            transfer.Import("data", archive, warnings.Add);
            Assert.Equal("evil", File.ReadAllText($"{data}/out"));
        }
        Assert.False(File.Exists("/out"));
        Assert.False(File.Exists($"{Path.GetDirectoryName(data)}/out"));
    }

    [Fact]
    public void Nothing_goes_to_or_from_a_volume_that_is_not_there()
    {
        Assert.Throws<NoSuchVolumeException>(() => transfer.Export("never", $"{directory.Path}/x.tar"));
        Assert.Throws<NoSuchVolumeException>(() => transfer.Import("never", "/dev/null", warnings.Add));
        Assert.False(volumes.Exists("never"));
        Assert.False(File.Exists($"{directory.Path}/x.tar"));
    }

    private string Make(string name) => volumes.Create(name, new Dictionary<string, string>()).Mountpoint;
}
