namespace Podspawn.Oci.RuntimeTests.RootFilesystems;

/// <summary>With CAP_LINUX_IMMUTABLE a container creates files that not even root can remove as they are (under gVisor no such flag reaches the host).</summary>
public class ImmutableLayerSpecs
{
    // Deeper than can be followed by descriptors alone, and with a link that leads out.
    private const string Protect = """
        set -e
        mkdir -p /keep/deep; echo x >/keep/deep/file; ln -s /etc /keep/link; mkfifo /keep/fifo
        chattr +a /keep/deep/file; chattr +i /keep/deep; chattr +i /keep
        far=/far; for i in $(seq 80); do far=$far/d; done; mkdir -p $far; echo x >$far/file; chattr +i $far/file $far /far/d /far
        rm -rf /keep /far 2>/dev/null && exit 9
        lsattr -d /keep /far | cut -c 5,6
        """;

    private static readonly string[] Flags = ["--cap-add", "LINUX_IMMUTABLE", "--rootfs", Repository.Debian];

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task A_layer_goes_with_what_the_container_has_protected_in_it(string runtime)
    {
        string name = $"immutable-{runtime}";
        Outcome ran = (await PodspawnOci.Call(["run", "--runtime", runtime, "--name", name, .. Flags, "--", "bash", "-c", Protect])).Succeeded();
        Assert.Equal("i-\ni-\n", ran.Text);
        Assert.Contains("security.cap_add: LINUX_IMMUTABLE lets the container make files that not even root can change or remove", ran.Error, StringComparison.Ordinal);
        await Leftovers.AssertNone(name);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task So_does_that_of_a_kept_container(string runtime)
    {
        Detached kept = await Detached.Run(runtime, Flags, "bash", "-c", Protect);
        await kept.UntilStatus("exited");
        Assert.Equal("i-\ni-\n", kept.Written());
        await kept.DisposeAsync();
    }
}
