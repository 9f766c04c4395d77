using Podspawn.Oci.Diagnosis.Faults;

namespace Podspawn.Oci.Tests.Diagnosis;

/// <summary>The order of package versions by deb-version(7); the expectations are those of <c>dpkg --compare-versions</c>.</summary>
public sealed class DebianVersionSpecs
{
    [Theory]
    [InlineData("1.1.5+ds1-1", "1.1.5+ds1-1+deb12u1")]
    [InlineData("1.1.5+ds1-1+deb12u1", "1.1.5+ds1-1+deb12u2")]
    [InlineData("1.1.5+ds1-1+deb12u9", "1.1.5+ds1-1+deb12u10")]
    [InlineData("1.1.5", "1.1.5+ds1")]
    [InlineData("1.1.5", "1.1.5.1")]
    [InlineData("1.1.5~rc1", "1.1.5")]
    [InlineData("1.1.5~~", "1.1.5~")]
    [InlineData("1.1.5", "1.1.12")]
    [InlineData("1.1.7-0ubuntu1~22.04.1", "1.1.7-0ubuntu1~22.04.2")]
    [InlineData("1.1.7-0ubuntu1~22.04.6", "1.1.7-0ubuntu2")]
    [InlineData("1.1.4-0ubuntu1~18.04.2", "1.1.4-0ubuntu1~18.04.2+esm1")]
    [InlineData("1.0.0~rc6+dfsg1-3+deb10u3", "1.0.0~rc93+ds1-5")]
    [InlineData("0.0~20221219.0-2", "0.0~20221219.0-2+b3")]
    [InlineData("9-1", "1:1-1")]
    [InlineData("1.0a", "1.0+")]
    [InlineData("1-2-1", "1-10-1")]
    public void An_older_version_comes_first(string older, string newer)
    {
        Assert.InRange(DebianVersion.Compare(older, newer), int.MinValue, -1);
        Assert.InRange(DebianVersion.Compare(newer, older), 1, int.MaxValue);
        Assert.Equal(0, DebianVersion.Compare(older, older));
    }

    [Theory]
    [InlineData("1.01", "1.1")]
    [InlineData("0:1.1-1", "1.1-1")]
    [InlineData("1.1", "1.1-0")]
    public void What_only_looks_different_is_the_same(string one, string other) => Assert.Equal(0, DebianVersion.Compare(one, other));
}
