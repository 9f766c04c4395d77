using Podspawn.Oci.Errors;
using Podspawn.Oci.State;

namespace Podspawn.Oci.Tests.State;

/// <summary>The file for a container's id, which belongs to one launch.</summary>
public sealed class IdFileSpecs : IDisposable
{
    private static readonly string Id = new('a', 64);
    private readonly TemporaryDirectory directory = new();

    private string Target => $"{directory.Path}/id";

    public void Dispose() => directory.Dispose();

    [Fact]
    public void It_has_the_id_once_there_is_a_container()
    {
        using (IdFile file = IdFile.Reserve(Target))
        {
            Assert.Equal("", File.ReadAllText(Target));
            file.Write(Id);
        }
        Assert.Equal(Id, File.ReadAllText(Target));
        Assert.Equal(Id, IdFile.Read(Target));
    }

    [Fact]
    public void Without_a_container_it_is_not_there()
    {
        IdFile.Reserve(Target).Dispose();
        Assert.False(File.Exists(Target));
        using (IdFile file = IdFile.Reserve(Target))
        {
            file.Write(Id);
            file.Withdraw();
        }
        Assert.False(File.Exists(Target));
        Assert.Null(IdFile.Read(Target));
    }

    [Fact]
    public void What_is_there_is_left_as_it_is()
    {
        directory.Write("id", "mine");
        Refuses(Target);
        Assert.Equal("mine", File.ReadAllText(Target));
        directory.Link("dangling", $"{directory.Path}/elsewhere");
        Refuses($"{directory.Path}/dangling");
        Assert.False(File.Exists($"{directory.Path}/elsewhere"));
        Refuses(directory.Path);
        Refuses("/dev/null");
    }

    [Theory]
    [InlineData("missing/id", "no directory")]
    [InlineData("", "name a file")]
    public void Where_it_cannot_be_it_says_so(string relative, string why)
    {
        string path = relative.Length == 0 ? "" : $"{directory.Path}/{relative}";
        Assert.Contains(why, Assert.Throws<ContainerException>(() => IdFile.Reserve(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../../etc")]
    [InlineData("-rf")]
    [InlineData("a b")]
    [InlineData("aaaa\nbbbb")]
    public void What_is_no_id_is_not_taken_for_one(string content)
    {
        directory.Write("id", content);
        Assert.Contains("has no container's id in it", Assert.Throws<ContainerException>(() => IdFile.Read(Target)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_too_large_or_none_is_not_read()
    {
        directory.Write("id", new string('a', 1000));
        Assert.Contains("larger", Assert.Throws<ContainerException>(() => IdFile.Read(Target)).Message, StringComparison.Ordinal);
        Assert.Contains("not a regular file", Assert.Throws<ContainerException>(() => IdFile.Read("/dev/zero")).Message, StringComparison.Ordinal);
    }

    private static void Refuses(string path) => Assert.Throws<ContainerException>(() => IdFile.Reserve(path));
}
