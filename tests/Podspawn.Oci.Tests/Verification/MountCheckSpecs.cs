using Podspawn.Oci.Host;
using Podspawn.Oci.Verification.Checks;
using Podspawn.Oci.Verification.Observation;

namespace Podspawn.Oci.Tests.Verification;

/// <summary>What a container's mount table says about its masks, and about the visibility of its limits.</summary>
public sealed class MountCheckSpecs
{
    private const string Cgroups = """
        95 94 0:46 / /sys/fs/cgroup ro,nosuid - tmpfs tmpfs ro,mode=755
        96 95 0:32 /podspawn-oci-1 /sys/fs/cgroup/memory ro,nosuid - cgroup cgroup rw,memory
        97 95 0:33 /podspawn-oci-1 /sys/fs/cgroup/cpu,cpuacct ro,nosuid - cgroup cgroup rw,cpu,cpuacct

        """;

    [Theory]
    [InlineData("1 2 0:46 / /proc/acpi ro - tmpfs tmpfs ro,size=0k", true)]
    [InlineData("1 2 0:5 /null /proc/kcore rw - devtmpfs devtmpfs rw", true)]
    [InlineData("1 2 254:0 /run/podspawn-oci/containers/c1/runtime/.empty-directory /proc/acpi ro,relatime - ext4 /dev/vda rw", true)]
    [InlineData("1 2 254:0 /run/podspawn-oci/containers/c1/runtime/.empty-directory /proc/acpi rw,relatime - ext4 /dev/vda rw", false)]
    [InlineData("1 2 254:0 /srv/full /proc/acpi ro,relatime - ext4 /dev/vda rw", false)]
    public void A_mask_is_known_by_its_mount(string line, bool mask) => Assert.Equal(mask, MaskMounts.IsMask(MountEntry.Parse(line).Single()));

    [Theory]
    [InlineData("memory", "/sys/fs/cgroup/memory")]
    [InlineData("cpu", "/sys/fs/cgroup/cpu,cpuacct")]
    [InlineData("pids", null)]
    public void A_limit_is_seen_where_its_controller_is_mounted(string controller, string? place) =>
        Assert.Equal(place, LimitSight.PlaceOf(controller, CgroupLayout.Hybrid, MountEntry.Parse(Cgroups)));

    [Fact]
    public void A_mount_over_the_controllers_hides_them() =>
        Assert.Null(LimitSight.PlaceOf("memory", CgroupLayout.Hybrid, MountEntry.Parse(Cgroups + "98 94 0:28 / /sys/fs/cgroup ro,nosuid - tmpfs tmpfs rw\n")));

    [Theory]
    [InlineData("95 94 0:46 / /sys/fs/cgroup ro - cgroup2 cgroup rw\n", "/sys/fs/cgroup")]
    [InlineData("95 94 0:46 / /sys/fs/cgroup ro - tmpfs tmpfs rw\n", null)]
    [InlineData("", null)]
    public void With_version_2_it_is_the_tree_itself(string table, string? place) =>
        Assert.Equal(place, LimitSight.PlaceOf("memory", CgroupLayout.Unified, MountEntry.Parse(table)));
}
