using Podspawn.Oci.Configuration;
using Podspawn.Oci.Host;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation;
using Podspawn.Oci.Translation.Requests;
using static Podspawn.Oci.Tests.TestFacts;

namespace Podspawn.Oci.Tests.Translation;

/// <summary>Devices of the host in the spec: a file, and exactly what is allowed; nothing of it where the runtime has none.</summary>
public sealed class DeviceTranslationSpecs
{
    private static readonly GivenDevice Fuse = new("/dev/fuse", "/dev/f", new OpenedDevice("c", 10, 229, "rw")) { FileMode = 0x1B0, Uid = 1, Gid = 2 };

    [Fact]
    public void A_device_has_a_file_and_the_last_rule()
    {
        foreach (RuntimeTraits runtime in new[] { Runc, Crun })
        {
            TranslationResult result = Translate(launch: Launch with { Devices = [Fuse], DeviceRules = [new OpenedDevice("b", 8, 0, "r")] }, runtime: runtime);
            Assert.Equal([new Device("c", "/dev/f", 10, 229, 0x1B0, 1, 2)], result.Spec.Linux.Devices);
            Assert.Equal(
                [new DeviceRule(true, "c", 10, 229, "rw"), new DeviceRule(true, "b", 8, 0, "r")], result.Spec.Linux.Resources!.Devices!.TakeLast(2));
            FieldOutcome field = result.Field("device");
            Assert.Equal("[/dev/fuse:/dev/f:rw]", field.Value);
            Assert.Equal(["/linux/devices", "/linux/resources/devices"], field.SpecPaths);
            Assert.Equal("[b 8:0 r]", result.Field("device_cgroup_rule").Value);
        }
    }

    [Fact]
    public void Without_one_the_spec_is_as_ever_whatever_the_config_gives()
    {
        string before = SpecJson.SerializeIndented(Translate().Spec);
        Assert.Equal(before, SpecJson.SerializeIndented(Translate(new SecurityConfig { Devices = ["/dev/fuse"] }).Spec));
    }

    [Fact]
    public void GVisor_has_none_of_the_hosts()
    {
        LaunchRequest asked = Launch with { Devices = [Fuse], DeviceRules = [Fuse.Opens] };
        foreach (RuntimeTraits runtime in new[] { Runsc, NewRunsc })
        {
            Assert.Equal(["--device", "--device-cgroup-rule"], Refusal(launch: asked, runtime: runtime).Select(problem => problem.Origin.ToString()));
            TranslationResult waived = Translate(launch: asked with { AllowUnenforced = new HashSet<string> { "device", "device_cgroup_rule" } }, runtime: runtime);
            Assert.Null(waived.Spec.Linux.Devices);
            Assert.DoesNotContain(waived.Spec.Linux.Resources!.Devices!, rule => rule is { Allow: true, Major: 10 });
            Assert.Equal(Enforcement.Unenforced, waived.Field("device").Enforcement);
        }
    }

    [Theory]
    [InlineData("/dev")]
    [InlineData("/devices/x")]
    [InlineData("/etc/x")]
    [InlineData("/dev/null")]
    [InlineData("/dev/pts/0")]
    [InlineData("/dev/shm/x")]
    [InlineData("/dev/../etc/x")]
    [InlineData("/dev/mine")]
    [InlineData("/dev/mine/x")]
    [InlineData("/dev/cover")]
    [InlineData("/dev/above")]
    public void It_goes_to_a_free_place_below_dev(string path)
    {
        LaunchRequest launch = Launch with { Devices = [Fuse with { Path = path }], Volumes = [new VolumeMount("/srv", "/dev/mine"), new VolumeMount("/srv", "/dev/above/x")] };
        SecurityConfig security = new() { Tmpfs = [KeyValuePair.Create("/dev/cover", "size=1m")] };
        Assert.Equal("--device", Assert.Single(Refusal(security, launch: launch)).Origin.ToString());
        Assert.Single(Refusal(launch: Launch with { Devices = [Fuse, Fuse] }));
    }

    [Fact]
    public void Without_a_controller_only_all_can_be_given()
    {
        HostFacts host = HybridHost.WithoutControllers("devices");
        Assert.Contains("rwm", Assert.Single(Refusal(launch: Launch with { Devices = [Fuse] }, host: host)).Hint, StringComparison.Ordinal);
        LaunchRequest all = Launch with { Devices = [Fuse with { Opens = Fuse.Opens with { Access = "rwm" } }] };
        Assert.NotNull(Translate(launch: all, host: host).Spec.Linux.Devices);
    }
}
