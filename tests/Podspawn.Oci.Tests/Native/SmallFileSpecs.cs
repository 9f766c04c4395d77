using Podspawn.Oci.Native;

namespace Podspawn.Oci.Tests.Native;

public sealed class SmallFileSpecs : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(16 * 1024)]
    [InlineData(100_000)]
    public void A_file_is_read_whole_up_to_the_limit(int length)
    {
        string path = $"{directory.Path}/file", text = string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + (i % 26))));
        File.WriteAllText(path, text);
        Assert.Equal(text[..Math.Min(length, 16 * 1024)], SmallFile.Read(path));
        foreach (int largest in new[] { 1, 5000, 65_536, 1 << 20 })
            Assert.Equal(text[..Math.Min(length, largest)], System.Text.Encoding.UTF8.GetString(SmallFile.ReadBytes(path, largest)!.Value.Span));
    }

    [Fact]
    public void What_cannot_be_read_is_null()
    {
        Assert.Null(SmallFile.Read($"{directory.Path}/none"));
        Assert.Null(SmallFile.ReadBytes(directory.Path, 10));
    }
}
