using Podspawn.Oci.Configuration;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation;
using Podspawn.Oci.Translation.Requests;
using static Podspawn.Oci.Tests.TestFacts;

namespace Podspawn.Oci.Tests.Translation;

public sealed class MountSpecs
{
    [Fact]
    public void The_default_mounts_are_dockers() =>
        Assert.Equal(
            ["/proc", "/dev", "/dev/pts", "/sys", "/sys/fs/cgroup", "/dev/mqueue", "/dev/shm"],
            Destinations(Translate()));

    [Fact]
    public void Without_cgroups_on_the_host_there_is_no_cgroup_mount() =>
        Assert.DoesNotContain("/sys/fs/cgroup", Destinations(Translate(host: WithoutCgroups, launch: Unenforced)));

    [Fact]
    public void Where_version_1_leaves_the_cgroup_mount_writable_it_is_made_readonly_after()
    {
        List<Mount> mounts = [.. Translate(host: HybridHost).Spec.Mounts.Where(mount => mount.Destination == "/sys/fs/cgroup")];
        Assert.Equal("cgroup", mounts[0].Type);
        // Not as a bind mount: crun from 1.28 on would mount the host's directory again.
        Assert.Equal(("none", "none"), (mounts[1].Type, mounts[1].Source));
        Assert.Equal(["remount", "nosuid", "noexec", "nodev", "ro"], mounts[1].Options);
        Assert.Single(Translate(host: HybridHost, runtime: Runsc).Spec.Mounts, mount => mount.Destination == "/sys/fs/cgroup");
    }

    [Fact]
    public void A_tmpfs_on_a_default_mounts_path_replaces_it()
    {
        TranslationResult result = Translator.Translate(ConfigWithTmpfs("/dev/shm", "size=1m"), Launch, UnifiedHost, Runc);
        Mount shm = Assert.Single(result.Spec.Mounts, mount => mount.Destination == "/dev/shm");
        Assert.Contains("size=1m", shm.Options!);
    }

    [Fact]
    public void A_parent_comes_before_its_child_whatever_the_order_written()
    {
        SecurityConfig security = new()
        {
            Tmpfs = [KeyValuePair.Create("/a/b/c", ""), KeyValuePair.Create("/z", ""), KeyValuePair.Create("/a", "")],
        };
        LaunchRequest launch = Launch with { Volumes = [new VolumeMount("/h", "/a/b"), new VolumeMount("/h", "/b")] };
        Assert.Equal(["/b", "/z", "/a", "/a/b", "/a/b/c"], Destinations(Translate(security, launch: launch)).TakeLast(5));
    }

    [Fact]
    public void A_volume_is_a_private_recursive_bind_mount()
    {
        LaunchRequest launch = Launch with { Volumes = [new VolumeMount("/host", "/data")] };
        Mount mount = Translate(launch: launch).Spec.Mounts[^1];
        Assert.Equal(("/data", "bind", "/host"), (mount.Destination, mount.Type, mount.Source));
        Assert.Equal(["rbind", "rprivate", "rw"], mount.Options);
    }

    [Fact]
    public void A_readonly_volume_is_readonly_all_the_way_down_where_that_can_be()
    {
        LaunchRequest launch = Launch with { Volumes = [new VolumeMount("/host", "/data", ReadOnly: true)] };
        Assert.Equal(["rbind", "rprivate", "ro", "rro"], Translate(launch: launch).Spec.Mounts[^1].Options);
        Assert.Equal(["rbind", "rprivate", "ro"], Translate(launch: launch, runtime: Runsc).Spec.Mounts[^1].Options);

        TranslationResult old = Translate(launch: launch, host: UnifiedHost with { Kernel = new Version(5, 10) });
        Assert.Equal(["rbind", "rprivate", "ro"], old.Spec.Mounts[^1].Options);
        Assert.Contains(old.Notes, note => note.Text.Contains("/data", StringComparison.Ordinal));
    }

    [Fact]
    public void A_volume_without_what_is_mounted_below_it_is_a_plain_bind_mount()
    {
        LaunchRequest launch = Launch with { Volumes = [new VolumeMount("/host", "/data", ReadOnly: true) { IsRecursive = false }] };
        Assert.Equal(["bind", "rprivate", "ro"], Translate(launch: launch).Spec.Mounts[^1].Options);
        Assert.Contains("below '/host'", Assert.Single(Refusal(launch: launch, runtime: Crun)).What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rw")]
    [InlineData("remount")]
    [InlineData("idmap")]
    [InlineData("size=1m")]
    public void A_volume_option_that_could_widen_it_is_refused(string option)
    {
        LaunchRequest launch = Launch with { Volumes = [new VolumeMount("/host", "/data", ReadOnly: true) { Options = [option] }] };
        Assert.Contains(option, Assert.Single(Refusal(launch: launch)).What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_volumes_own_flags_come_before_its_mode()
    {
        LaunchRequest launch = Launch with { Volumes = [new VolumeMount("/host", "/data") { Options = ["rslave", "nodev"] }] };
        Assert.Equal(["rbind", "rslave", "nodev", "rw"], Translate(launch: launch).Spec.Mounts[^1].Options);
    }

    [Theory]
    [InlineData("/host", "/")]
    [InlineData("/host", "/proc/sys")]
    [InlineData("/host", "/sys")]
    [InlineData("/host", "/dev")]
    [InlineData("/host", "data")]
    [InlineData("/host", "/a/../etc")]
    [InlineData("host", "/data")]
    [InlineData("/host/..", "/data")]
    public void A_volume_from_or_to_where_none_may_be_is_refused(string source, string destination) =>
        Assert.Single(Refusal(launch: Launch with { Volumes = [new VolumeMount(source, destination)] }));

    [Fact]
    public void Two_mounts_of_ones_own_on_one_path_are_refused()
    {
        LaunchRequest volumes = Launch with { Volumes = [new VolumeMount("/a", "/data"), new VolumeMount("/b", "/data")] };
        Assert.Single(Refusal(launch: volumes));
        LaunchRequest both = Launch with { Volumes = [new VolumeMount("/a", "/t")] };
        Problem problem = Assert.Single(Refusal(new SecurityConfig { Tmpfs = [KeyValuePair.Create("/t", "")] }, launch: both));
        Assert.Equal("security.tmpfs./t", problem.Key);
    }

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, true)]
    [InlineData(false, true, true)]
    [InlineData(true, true, true)]
    public void The_root_is_readonly_when_the_config_or_the_bundle_says_so(bool config, bool bundle, bool expected)
    {
        SecurityConfig security = new() { ReadonlyRootfs = config };
        Assert.Equal(expected, Translate(security, launch: Launch with { RootReadonly = bundle }).Spec.Root.Readonly);
    }

    [Fact]
    public void With_a_readonly_root_only_the_mounts_that_must_be_writable_are()
    {
        SecurityConfig security = new() { ReadonlyRootfs = true, Tmpfs = [KeyValuePair.Create("/tmp", "")] };
        IEnumerable<string> writable = Translate(security).Spec.Mounts.Where(mount => !mount.Options!.Contains("ro")).Select(mount => mount.Destination);
        Assert.Equal(["/proc", "/dev", "/dev/pts", "/dev/mqueue", "/dev/shm", "/tmp"], writable);
    }

    [Fact]
    public void The_tmp_that_runsc_would_add_by_itself_is_no_hole_in_a_readonly_root()
    {
        TranslationResult result = Translate(new SecurityConfig { ReadonlyRootfs = true }, runtime: Runsc);
        Assert.Contains("ro", Assert.Single(result.Spec.Mounts, mount => mount.Destination == "/tmp").Options!);
        Assert.Equal(Enforcement.Differently, result.Field("security.readonly_rootfs").Enforcement);

        SecurityConfig own = new() { ReadonlyRootfs = true, Tmpfs = [KeyValuePair.Create("/tmp", "size=1m")] };
        Assert.DoesNotContain("ro", Assert.Single(Translate(own, runtime: Runsc).Spec.Mounts, mount => mount.Destination == "/tmp").Options!);
        Assert.DoesNotContain("/tmp", Destinations(Translate(runtime: Runsc)));
    }

    private static HostFacts WithoutCgroups => UnifiedHost with { CgroupLayout = CgroupLayout.None, CgroupControllers = new HashSet<string>() };

    private static LaunchRequest Unenforced => Launch with { AllowUnenforced = new HashSet<string> { "pids_limit", "memory", "cpus" } };

    private static IEnumerable<string> Destinations(TranslationResult result) => result.Spec.Mounts.Select(mount => mount.Destination);
}
