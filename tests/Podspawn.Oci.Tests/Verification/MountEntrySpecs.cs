using Podspawn.Oci.Verification.Observation;

namespace Podspawn.Oci.Tests.Verification;

public sealed class MountEntrySpecs
{
    [Fact]
    public void A_line_of_the_mount_table_is_read_with_its_escapes_and_both_kinds_of_options()
    {
        MountEntry mount = Assert.Single(MountEntry.Parse("36 35 98:0 /mnt1 /a\\040b ro,noatime master:1 shared:2 - ext3 /dev/root rw,errors=continue\n"));
        Assert.Equal("/a b", mount.Path);
        Assert.Equal("/mnt1", mount.Root);
        Assert.Equal("ext3", mount.Type);
        Assert.Equal(["ro", "noatime", "rw", "errors=continue"], mount.Options);
    }

    [Theory]
    [InlineData("")]
    [InlineData("36 35 98:0 /\n")]
    [InlineData("36 35 98:0 / / rw - ext3\n")]
    public void A_line_that_is_cut_short_is_passed_over(string table) => Assert.Empty(MountEntry.Parse(table));
}
