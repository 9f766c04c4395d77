using Podspawn.Oci.Diagnosis.Faults;

namespace Podspawn.Oci.Tests.Diagnosis;

/// <summary>The package of a runtime, from recorded answers.</summary>
public sealed class RuntimePackageSpecs
{
    [Theory]
    [InlineData("runc version 1.1.5+ds1\ncommit: 1.1.5+ds1-1+deb12u1\nspec: 1.0.2-dev\ngo: go1.19.8\nlibseccomp: 2.5.4\n", "1.1.5+ds1-1+deb12u1")]
    [InlineData("runc version 1.3.3-0ubuntu1~24.04.3\nspec: 1.2.1\ngo: go1.23.1\nlibseccomp: 2.5.5\n", "1.3.3-0ubuntu1~24.04.3")]
    [InlineData("runc version 1.1.12\ncommit: v1.1.12-0-g51d5e94\nspec: 1.0.2-dev\n", null)]
    [InlineData("runc version 1.4.0-rc.2\ncommit: v1.4.0-rc.2-0-gb2ec7f9\nspec: 1.2.1\n", null)]
    [InlineData("crun version 1.8.1\ncommit: f8a096be060b22ccd3d5f3ebe44108517fbf6c30\nrundir: /run/crun\nspec: 1.0.0\n", null)]
    [InlineData("runsc version 0.0~20221219.0\nspec: 1.0.2-dev\n", null)]
    [InlineData("", null)]
    public void An_answer_tells_its_package_where_the_distribution_has_written_it_there(string answer, string? package) => Assert.Equal(package, RuntimePackage.Told(answer));

    [Theory]
    [InlineData("crun: /usr/bin/crun\n", "crun")]
    [InlineData("runc:amd64: /usr/bin/crun\n", "runc:amd64")]
    [InlineData("diversion by mine from: /usr/bin/crun\ncrun, other: /usr/bin/crun\n", "crun")]
    [InlineData("crun: /usr/bin/crun-other\n", null)]
    [InlineData("", null)]
    public void The_owner_of_a_program_is_read_from_the_package_database(string answer, string? name) => Assert.Equal(name, RuntimePackage.NameIn(answer, "/usr/bin/crun"));

    [Fact]
    public void A_program_that_is_none_tells_no_package() => Assert.Null(RuntimePackage.VersionOf("/nowhere/runc"));
}
