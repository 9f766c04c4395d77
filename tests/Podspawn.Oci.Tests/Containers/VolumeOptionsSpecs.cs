using Podspawn.Oci.Containers;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.Translation;

namespace Podspawn.Oci.Tests.Containers;

public sealed class VolumeOptionsSpecs : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("", false)]
    [InlineData(":ro", true)]
    [InlineData(":rw", false)]
    public void A_volume_is_a_source_a_destination_and_a_mode(string options, bool readOnly)
    {
        VolumeMount volume = Parse($"/etc:/data{options}");
        Assert.Equal(("/etc", "/data", readOnly), (volume.Source, volume.Destination, volume.ReadOnly));
    }

    [Theory]
    [InlineData("/etc")]
    [InlineData("/etc:data")]
    [InlineData(":/data")]
    [InlineData("/etc:/data:zz")]
    [InlineData("/etc:/data:ro:more")]
    [InlineData("/no/such/source:/data")]
    [InlineData("/etc:/da\nta")]
    public void Anything_else_is_refused(string text) => Assert.Throws<ContainerException>(() => Parse(text));

    private VolumeMount Parse(string text)
    {
        using RootFilesystem root = RootFilesystem.Open(directory.Path);
        return VolumeOptions.Parse(text, root);
    }
}
