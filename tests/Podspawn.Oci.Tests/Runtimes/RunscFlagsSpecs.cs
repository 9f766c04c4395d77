using Podspawn.Oci.Configuration;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Tests.Runtimes;

/// <summary>Settings that runsc gets by flags, and other runtimes from config.json.</summary>
public sealed class RunscFlagsSpecs
{
    private static readonly RuntimeCall Call = new("c1", "/r", "/l");

    [Fact]
    public void The_root_is_never_overlaid_from_the_release_on_that_can()
    {
        foreach (IReadOnlyList<string> arguments in AllVerbs("0.0~20221219.0", Call))
            Assert.Contains("--overlay2=none", arguments);
        Assert.DoesNotContain("--overlay2=none", AllVerbs("release-20220905.0", Call)[0]);
    }

    [Fact]
    public void Raw_sockets_are_there_only_where_they_are_granted()
    {
        Assert.DoesNotContain("--net-raw", AllVerbs("release-20260817.0", Call).SelectMany(arguments => arguments));
        foreach (IReadOnlyList<string> arguments in AllVerbs("release-20260817.0", Call with { Grants = new RuntimeGrants(RawSockets: true, NewPrivileges: false) }).Take(4))
            Assert.Contains("--net-raw", arguments);
    }

    [Theory]
    [InlineData("release-20250811.0", true, false)]
    [InlineData("release-20250820.0", true, true)]
    [InlineData("release-20250820.0", false, false)]
    public void Set_user_id_bits_count_where_no_new_privileges_is_off_and_the_release_asks(string version, bool off, bool told)
    {
        RuntimeCall call = Call with { Grants = new RuntimeGrants(RawSockets: false, NewPrivileges: off) };
        foreach (IReadOnlyList<string> arguments in AllVerbs(version, call).Take(4))
            Assert.Equal(told, arguments.Contains("--allow-suid"));
    }

    [Fact]
    public void The_grants_are_the_specs()
    {
        Assert.Equal(new RuntimeGrants(false, false), RuntimeGrants.Of(TestFacts.Translate(new SecurityConfig { CapDrop = ["ALL"] }).Spec));
        Assert.Equal(
            new RuntimeGrants(true, true), RuntimeGrants.Of(TestFacts.Translate(new SecurityConfig { CapAdd = ["NET_RAW"], NoNewPrivileges = false }).Spec));
    }

    private static IReadOnlyList<string>[] AllVerbs(string version, RuntimeCall call)
    {
        RuntimeDriver driver = RuntimeDriver.For("/usr/bin/runsc", new RuntimeVersion("runsc", version));
        return
        [
            driver.Run(call, NetworkMode.None, "/b", "/p", null), driver.Create(call, NetworkMode.None, "/b", "/p", null), driver.Start(call, NetworkMode.None),
            driver.Exec(call, "/x", "/p", "/i", null, detached: false), driver.Delete(call), driver.State(call), driver.Kill(call, 9), driver.Pause(call), driver.Resume(call),
        ];
    }
}
