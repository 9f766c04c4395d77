using Podspawn.Oci.Configuration;
using Podspawn.Oci.Errors;
using static Podspawn.Oci.Tests.Configuration.ConfigTestData;

namespace Podspawn.Oci.Tests.Configuration;

/// <summary>Every value has the right origin.</summary>
public sealed class OriginSpecs
{
    [Theory]
    [InlineData("security.cap_drop", "every-key.yaml:21:5")]
    [InlineData("security.cap_drop[0]", "every-key.yaml:21:7")]
    [InlineData("security.cap_drop[1]", "every-key.yaml:22:7")]
    [InlineData("security.cap_add", "every-key.yaml:23:12")]
    [InlineData("security.cap_add[0]", "every-key.yaml:23:13")]
    [InlineData("security.no_new_privileges", "every-key.yaml:24:22")]
    [InlineData("security.pids_limit", "every-key.yaml:25:15")]
    [InlineData("security.readonly_rootfs", "every-key.yaml:26:20")]
    [InlineData("security.tmpfs", "every-key.yaml:28:5")]
    [InlineData("security.tmpfs./tmp", "every-key.yaml:28:5")]
    [InlineData("security.tmpfs./run", "every-key.yaml:29:5")]
    [InlineData("security.runtime", "every-key.yaml:30:12")]
    [InlineData("security.seccomp", "every-key.yaml:31:12")]
    [InlineData("security.masked_paths", "every-key.yaml:32:17")]
    [InlineData("security.masked_paths[0]", "every-key.yaml:32:18")]
    [InlineData("security.readonly_paths", "every-key.yaml:33:19")]
    [InlineData("defaults.shell", "every-key.yaml:6:10")]
    [InlineData("defaults.cpus", "every-key.yaml:7:9")]
    [InlineData("defaults.memory", "every-key.yaml:8:11")]
    public void A_named_key_stands_where_its_value_stands(string key, string place)
    {
        PodspawnConfig config = ConfigLoader.Parse(TextOf("every-key.yaml"), "every-key.yaml");
        Assert.Equal(place, config.OriginOf(key).ToString());
    }

    [Fact]
    public void A_key_that_is_not_named_comes_from_the_default() =>
        Assert.Equal(Origin.Default, Parse("security: {pids_limit: 5}").OriginOf("security.cap_add[0]"));

    [Fact]
    public void A_scalar_that_is_null_keeps_the_default_and_its_origin() =>
        Assert.Equal(Origin.Default, Parse("security: {pids_limit: ~}").OriginOf("security.pids_limit"));

    [Fact]
    public void A_list_that_is_null_is_empty_by_the_file() =>
        Assert.Equal(2, Parse("security:\n  cap_add:\n").OriginOf("security.cap_add").Line);

    [Fact]
    public void A_merged_value_stands_where_it_is_written()
    {
        PodspawnConfig config = ConfigLoader.LoadFile(PathOf("merge-keys.yaml"));
        Assert.Equal(4, config.OriginOf("security.pids_limit").Line);
        Assert.Equal(3, config.OriginOf("security.cap_drop[0]").Line);
        Assert.Equal(17, config.OriginOf("security.tmpfs./tmp").Line);
        Assert.Equal(11, config.OriginOf("security.tmpfs./run").Line);
    }
}
