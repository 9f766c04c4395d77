using CsCheck;
using Podspawn.Oci.Errors;
using Podspawn.Oci.State;

namespace Podspawn.Oci.Tests.State;

public sealed class ContainerIdSpecs
{
    [Theory]
    [InlineData("a")]
    [InlineData("Web-1.x_y")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    public void A_plain_name_is_taken(string id) => Assert.Equal(id, ContainerId.Check(id));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../x")]
    [InlineData("a/b")]
    [InlineData("-x")]
    [InlineData(".hidden")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("é")]
    [InlineData("01234567890123456789012345678901234567890123456789012345678901234")]
    public void Anything_else_is_refused(string id)
    {
        Assert.False(ContainerId.IsValid(id));
        Assert.Contains("is no container name", Assert.Throws<ContainerException>(() => ContainerId.Check(id)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_accepted_name_leaves_its_directory() => Gen.String.Sample(id =>
        !ContainerId.IsValid(id) || Path.GetDirectoryName(Path.GetFullPath($"/run/x/{id}")) == "/run/x");

    [Fact]
    public void Random_names_follow_the_rule_and_differ()
    {
        string[] names = [.. Enumerable.Range(0, 100).Select(_ => ContainerId.NewRandom())];
        Assert.All(names, name => Assert.True(ContainerId.IsValid(name)));
        Assert.Equal(100, names.Distinct().Count());
    }
}
