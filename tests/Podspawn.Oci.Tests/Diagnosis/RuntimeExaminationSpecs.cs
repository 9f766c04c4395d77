using Podspawn.Oci.Diagnosis;
using Podspawn.Oci.Runtimes;

namespace Podspawn.Oci.Tests.Diagnosis;

/// <summary>What <c>doctor</c> reports on a working runtime.</summary>
public sealed class RuntimeExaminationSpecs
{
    [Fact]
    public void The_first_line_names_release_package_and_place()
    {
        Examination line = Tell("runc", "1.1.5+ds1", "1.1.5+ds1-1+deb12u1")[0];
        Assert.Equal(
            new(
                "runc", Health.Good,
                "1.1.5+ds1 (package 1.1.5+ds1-1+deb12u1) at /usr/sbin/x; 6 published faults, of which 2 are closed here, 1 more patched in its package",
                "go to runc 1.3.7 or newer, or to a package of your distribution's that has the fixes"),
            line);
        Assert.Equal("1.5.1 at /usr/sbin/x; 1 published fault, of which 1 is closed here", Tell("runc", "1.5.1")[0].Found);
    }

    [Theory]
    [InlineData("runc", "9.9.9", "newer than ")]
    [InlineData("crun", "git", "'git' tells no release: it is taken to do as ")]
    [InlineData("runsc", "VERSION_MISSING", "'VERSION_MISSING' tells no release: it is taken to do as ")]
    public void A_release_that_is_not_known_gets_a_note(string runtime, string version, string begin)
    {
        Examination note = Assert.Single(Tell(runtime, version), line => line.Subject == $"{runtime}: release");
        Assert.Equal(Health.Noted, note.Health);
        Assert.StartsWith(begin, note.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void A_release_that_is_known_gets_none() => Assert.DoesNotContain(Tell("runc", "1.1.5"), line => line.Subject == "runc: release");

    [Theory]
    [InlineData("runsc", "release-20241021.0", 1, true)]
    [InlineData("runsc", "release-20241021.0", 2, false)]
    [InlineData("runsc", "0.0~20240729.0", 0, false)]
    [InlineData("runc", "1.5.1", 0, false)]
    public void Newer_gvisor_is_told_to_need_user_namespaces(string runtime, string version, int most, bool told) =>
        Assert.Equal(told, Tell(runtime, version, most: most).Any(line => line.Subject == "runsc: user namespaces" && line.Health == Health.Limited));

    private static List<Examination> Tell(string runtime, string version, string? package = null, int most = 15000) =>
        [.. RuntimeExaminations.Tell(RuntimeDriver.For("/usr/sbin/x", new RuntimeVersion(runtime, version)).Traits, "/usr/sbin/x", package, most)];
}
