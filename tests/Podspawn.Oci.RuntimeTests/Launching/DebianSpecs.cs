namespace Podspawn.Oci.RuntimeTests.Launching;

/// <summary>Everyday work on a Debian root filesystem under the default config.</summary>
public sealed class DebianSpecs
{
    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Chown_su_and_installing_a_package_work(string runtime)
    {
        // coreutils' stat needs a system call that gVisor of 2022 lacks: find prints the owner as well.
        Outcome outcome = (await Debian(runtime, [],
            "touch /srv/f && chown app:app /srv/f && find /srv/f -printf '%u\\n' && su app -c 'id -un' && dpkg -i /opt/hello-podspawn.deb >/dev/null 2>&1 && hello-podspawn " +
                ">/dev/null && echo installed")).Succeeded();
        Assert.Equal(["app", "app", "installed"], outcome.Lines);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Binding_port_80_works(string runtime)
    {
        Outcome outcome = (await Debian(runtime, [],
            "perl -MSocket -e 'my $s; socket($s, PF_INET, SOCK_STREAM, 0) && bind($s, sockaddr_in(80, INADDR_LOOPBACK)) or die $!; print \"bound\\n\"'")).Succeeded();
        Assert.Equal(["bound"], outcome.Lines);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task Without_the_capability_root_cannot_bind_port_80(string runtime)
    {
        Outcome outcome = await Debian(runtime, ["--cap-drop", "NET_BIND_SERVICE"],
            "perl -MSocket -e 'my $s; socket($s, PF_INET, SOCK_STREAM, 0) && bind($s, sockaddr_in(80, INADDR_LOOPBACK)) or die $!'");
        Assert.NotEqual(0, outcome.Status);
        Assert.Contains("Permission denied", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Sudo_is_refused_by_no_new_privileges(string runtime)
    {
        Outcome outcome = await Debian(runtime, ["-u", "app"], "sudo -n true");
        Assert.NotEqual(0, outcome.Status);
        Assert.Contains("no new privileges", outcome.Error, StringComparison.Ordinal);
    }

    // no_new_privs.rst: execve of a file whose capabilities would have to be granted fails with EPERM. gVisor of 2022 ignores file capabilities.
    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task Ping_whose_file_capabilities_cannot_be_granted_is_refused(string runtime)
    {
        Outcome refused = await Debian(runtime, [], "ping -c 1 127.0.0.1");
        Assert.Equal(126, refused.Status);
        Assert.Contains("Operation not permitted", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await Debian(runtime, ["--cap-add", "NET_RAW"], "ping -c 1 127.0.0.1")).Status);
    }

    private static Task<Outcome> Debian(string runtime, string[] flags, string script) =>
        PodspawnOci.Call(["run", "--runtime", runtime, "--rootfs", Repository.Debian, .. flags, "--", "sh", "-c", script]);
}
