using Podspawn.Oci.RootFilesystems;

namespace Podspawn.Oci.Tests.RootFilesystems;

/// <summary>Directories of the host that are refused as a container's root, by whatever name.</summary>
public sealed class HostPlacesSpecs : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("/etc")]
    [InlineData("/etc/")]
    [InlineData("/usr/../etc")]
    [InlineData("/bin")]
    [InlineData("/usr")]
    [InlineData("/usr/bin")]
    [InlineData("/var")]
    [InlineData("/var/lib")]
    [InlineData("/home")]
    [InlineData("/root")]
    [InlineData("/boot")]
    [InlineData("/dev")]
    [InlineData("/proc")]
    [InlineData("/proc/sys")]
    [InlineData("/proc/self")]
    [InlineData("/sys")]
    [InlineData("/sys/kernel")]
    [InlineData("/run")]
    [InlineData("/var/run")]
    [InlineData("/tmp")]
    public void The_hosts_own_is_refused(string path) => Assert.Contains("is no root filesystem for a container", Refusal(path), StringComparison.Ordinal);

    [Fact]
    public void So_is_a_link_to_it()
    {
        directory.Link("rootfs", "../../etc");
        directory.Link("again", "rootfs");
        Assert.StartsWith("/etc: ", Refusal($"{directory.Path}/again"), StringComparison.Ordinal);
    }

    [Fact]
    public void So_is_where_our_own_state_lies_but_not_what_is_made_to_be_a_root()
    {
        directory.Make("state/containers/x/root");
        directory.Make("state/empty");
        Assert.Contains("belongs to the store", Refusal($"{directory.Path}/state/containers/x/root"), StringComparison.Ordinal);
        Assert.Contains("belongs to the store", Refusal($"{directory.Path}/state"), StringComparison.Ordinal);
        Use($"{directory.Path}/state/empty");
    }

    [Fact]
    public void A_directory_of_the_users_own_is_taken() => Use(directory.Path);

    private string Refusal(string path) => Assert.Throws<RootFilesystemException>(() => Use(path)).Message;

    private void Use(string path)
    {
        using RootFilesystem root = RootFilesystem.Open(path);
        HostPlaces.RefuseAsRoot(root, [$"{directory.Path}/state"], $"{directory.Path}/state/empty");
    }
}
