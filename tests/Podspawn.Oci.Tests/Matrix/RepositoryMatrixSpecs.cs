using Podspawn.Oci.Host;
using Podspawn.Oci.Matrix;
using Podspawn.Oci.Matrix.Files;
using static Podspawn.Oci.Tests.Matrix.MatrixFileData;

namespace Podspawn.Oci.Tests.Matrix;

/// <summary>What the repository's own matrix expects of recorded releases.</summary>
public sealed class RepositoryMatrixSpecs
{
    private static readonly MatrixFile Matrix = MatrixFileReader.Load(PathOf("repository.yml"));

    [Theory]
    [InlineData("1.1.5+ds1", true)]
    [InlineData("1.1.15+ds1", false)]
    [InlineData("1.2.8", true)]
    [InlineData("1.2.9", false)]
    [InlineData("1.3.3", true)]
    [InlineData("1.3.6", false)]
    [InlineData("1.4.0-rc.3", true)]
    [InlineData("1.5.1", false)]
    public void Only_some_releases_of_runc_give_a_tmpfs_the_mode_of_a_directory(string version, bool expected) =>
        Assert.Equal(expected ? ["runc/readonly-tmpfs/busybox/tmpfs"] : [], Differences("runc", version));

    [Fact]
    public void Nothing_is_expected_to_differ_under_crun() => Assert.Empty(Differences("crun", "1.8.1"));

    [Fact]
    public void Newer_releases_of_gvisor_differ_in_less()
    {
        string[] releases = ["0.0~20221219.0", "release-20260112.0", "release-20260817.0"];
        int[] differences = [.. releases.Select(release => Differences("runsc", release).Length)];
        Assert.Equal(differences.OrderDescending(), differences);
        Assert.Equal(differences.Length, differences.Distinct().Count());
    }

    [Theory]
    [InlineData("0.0~20221219.0", "wide-open", "no_new_privileges", true)]
    [InlineData("release-20250820.0", "wide-open", "no_new_privileges", false)]
    [InlineData("0.0~20221219.0", "default", "no_new_privileges", false)]
    [InlineData("release-20240729.0", "default", "no_new_privileges", true)]
    [InlineData("release-20250820.0", "default", "no_new_privileges", false)]
    [InlineData("0.0~20221219.0", "default", "capabilities", true)]
    [InlineData("release-20240729.0", "default", "capabilities", true)]
    [InlineData("release-20260817.0", "default", "capabilities", false)]
    [InlineData("release-20260817.0", "locked-down", "capabilities", true)]
    [InlineData("release-20260817.0", "default", "privileged_calls", false)]
    [InlineData("release-20260817.0", "locked-down", "privileged_calls", true)]
    public void What_gvisor_mended_is_no_longer_expected(string version, string config, string probe, bool expected) =>
        Assert.Equal(expected, Differences("runsc", version).Contains($"runsc/{config}/busybox/{probe}"));

    private static string[] Differences(string runtime, string version) =>
    [
        .. Matrix.Cells.Where(cell => cell.Key.Runtime == runtime).Select(cell => cell.On(RuntimeRelease.Parse(version)))
            .Where(cell => cell.Expected != CellResult.Holds).Select(cell => cell.Key.ToString()),
    ];
}
