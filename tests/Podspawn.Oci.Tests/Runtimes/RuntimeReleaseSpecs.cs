using Podspawn.Oci.Host;

namespace Podspawn.Oci.Tests.Runtimes;

/// <summary>Version texts, as runtimes and distributions write them.</summary>
public sealed class RuntimeReleaseSpecs
{
    [Theory]
    [InlineData("1.1.5+ds1", "1.1.5")]
    [InlineData("1.1.12-0ubuntu2~22.04.1", "1.1.12")]
    [InlineData("1.2.0-rc.3", "1.2.0-rc.3")]
    [InlineData("1.0.0-rc93", "1.0.0-rc.93")]
    [InlineData("1.0.0~rc93+ds1", "1.0.0-rc.93")]
    [InlineData("1.3.0-rc.1+dev", "1.3.0-rc.1")]
    [InlineData("1.29", "1.29.0")]
    [InlineData("1.29.1", "1.29.1")]
    [InlineData("1.29.1-dirty", "1.29.1")]
    [InlineData("1.14.3.0.0.0.18-3b24", "1.14.3")]
    [InlineData("v1.5.1", "1.5.1")]
    [InlineData("0.0~20221219.0", "20221219.0")]
    [InlineData("0.0~20240729.0", "20240729.0")]
    [InlineData("release-20260822.0", "20260822.0")]
    [InlineData("release-20260209.1", "20260209.1")]
    [InlineData("release-20260817.0-12-gabc", "20260817.0+12")]
    [InlineData("release-20260817.0-70-go-d53e01b47", "20260817.0+70")]
    public void A_release_is_read(string text, string release) => Assert.Equal(release, RuntimeRelease.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("(not installed)")]
    [InlineData("VERSION_MISSING")]
    [InlineData("unknown")]
    [InlineData("1")]
    [InlineData("99999999999999999999.1")]
    [InlineData("google-1234567890")]
    public void What_tells_no_release_counts_as_newer_than_every_other(string text)
    {
        RuntimeRelease release = RuntimeRelease.Parse(text);
        Assert.True(release.IsUnknown);
        Assert.True(release > RuntimeRelease.Parse("2000000.5.1") && release > RuntimeRelease.Parse("release-20991231.9"));
        Assert.Equal("unknown", release.ToString());
    }

    [Theory]
    [InlineData("1.1.5", "1.1.15")]
    [InlineData("1.0.0~rc93", "1.0.0")]
    [InlineData("1.2.0-rc.1", "1.2.0-rc.3")]
    [InlineData("1.2.0-rc.3", "1.2.0")]
    [InlineData("1.9.2", "1.14")]
    [InlineData("1.29", "1.29.1")]
    [InlineData("0.0~20221219.0", "release-20230227.0")]
    [InlineData("20260511", "release-20260511.1")]
    [InlineData("release-20260817.0", "release-20260817.0-12-gabc")]
    [InlineData("release-20260817.0-12-gabc", "release-20260824.0")]
    public void The_older_one_is_less(string older, string newer)
    {
        (RuntimeRelease first, RuntimeRelease second) = (RuntimeRelease.Parse(older), RuntimeRelease.Parse(newer));
        Assert.True(first < second && second > first && first <= second && second >= first && first != second);
    }

    [Fact]
    public void What_a_distribution_adds_makes_no_difference() => Assert.Equal(RuntimeRelease.Parse("1.1.5"), RuntimeRelease.Parse("1.1.5+ds1"));
}
