using Podspawn.Oci.RootFilesystems;

namespace Podspawn.Oci.Tests.RootFilesystems;

public sealed class RootFilesystemSpecs : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void A_missing_directory_is_refused_with_its_path()
    {
        RootFilesystemException e = Assert.Throws<RootFilesystemException>(() => RootFilesystem.Open($"{directory.Path}/none"));
        Assert.Contains("no such root filesystem", e.Message, StringComparison.Ordinal);
        Assert.Contains($"{directory.Path}/none", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_refused()
    {
        string file = directory.Write("image.tar", "");
        Assert.Contains("is not a directory", Assert.Throws<RootFilesystemException>(() => RootFilesystem.Open(file)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/proc/self/root")]
    public void The_hosts_own_root_is_refused(string path) =>
        Assert.Contains("host's own root", Assert.Throws<RootFilesystemException>(() => RootFilesystem.Open(path)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_link_to_the_directory_is_followed_on_the_host_side()
    {
        directory.Make("tree");
        directory.Link("link", "tree");
        using RootFilesystem root = RootFilesystem.Open($"{directory.Path}/link");
        Assert.Equal($"{directory.Path}/tree", root.Path);
    }

    [Theory]
    [InlineData("/etc/shadow")]
    [InlineData("../../../../etc/shadow")]
    public void A_passwd_that_points_out_is_refused(string target)
    {
        directory.Link("etc/passwd", target);
        using RootFilesystem root = RootFilesystem.Open(directory.Path);
        RootFilesystemException e = Assert.Throws<RootFilesystemException>(() => root.ReadFile("/etc/passwd", 1000));
        Assert.Contains("points out of the root filesystem", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_passwd_that_is_a_link_inside_is_read()
    {
        directory.Write("etc/static/passwd", "root:x:0:0::/root:/bin/sh\n");
        directory.Link("etc/passwd", "static/passwd");
        using RootFilesystem root = RootFilesystem.Open(directory.Path);
        Assert.StartsWith("root:", root.ReadFile("/etc/passwd", 1000), StringComparison.Ordinal);
    }

    [Fact]
    public void A_passwd_that_is_a_FIFO_a_device_or_too_large_is_refused_at_once()
    {
        directory.Make("etc");
        HostFiles.Fifo($"{directory.Path}/etc/passwd");
        directory.Link("etc/group", "passwd");
        HostFiles.Node($"{directory.Path}/etc/shadow", 0x2000 | 0x1B6, 0x105);
        directory.Write("etc/long", new string('x', 1001));
        using RootFilesystem root = RootFilesystem.Open(directory.Path);
        foreach (string path in new[] { "/etc/passwd", "/etc/group", "/etc/shadow" })
        {
            Assert.Contains($"{path}: is not a regular file", Assert.Throws<RootFilesystemException>(() => root.ReadFile(path, 1000)).Message, StringComparison.Ordinal);
            Assert.Null(root.OpenFile(path));
        }
        Assert.Contains("is larger than 1000 bytes", Assert.Throws<RootFilesystemException>(() => root.ReadFile("/etc/long", 1000)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/outside")]
    [InlineData("../outside")]
    [InlineData("inside")]
    public void A_mount_target_that_is_a_link_is_refused(string target)
    {
        directory.Make("inside");
        directory.Link("proc", target);
        using RootFilesystem root = RootFilesystem.Open(directory.Path);
        Assert.Throws<RootFilesystemException>(() => root.CheckMountTarget("/proc"));
    }

    [Fact]
    public void A_mount_target_below_a_link_that_points_out_is_refused()
    {
        directory.Link("var", "/etc");
        using RootFilesystem root = RootFilesystem.Open(directory.Path);
        RootFilesystemException e = Assert.Throws<RootFilesystemException>(() => root.CheckMountTarget("/var/cache"));
        Assert.Contains("points out", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mount_target_that_is_a_file_is_refused()
    {
        directory.Write("tmp", "");
        using RootFilesystem root = RootFilesystem.Open(directory.Path);
        Assert.Contains("not a directory", Assert.Throws<RootFilesystemException>(() => root.CheckMountTarget("/tmp")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mount_target_that_is_missing_is_left_to_the_runtime()
    {
        using RootFilesystem root = RootFilesystem.Open(directory.Path);
        Assert.Null(root.CheckMountTarget("/new/deep"));
    }

    [Fact]
    public void A_mount_target_tells_its_permission_bits()
    {
        directory.Make("run");
        File.SetUnixFileMode($"{directory.Path}/run", (UnixFileMode)0x1ED);
        using RootFilesystem root = RootFilesystem.Open(directory.Path);
        Assert.Equal(0x1EDu, root.CheckMountTarget("/run"));
    }

    [Theory]
    [InlineData("/var/run/docker.sock", "/run/docker.sock")]
    [InlineData("/var/run", "/run")]
    [InlineData("/climb/x", "/x")]
    [InlineData("/none/at/all", "/none/at/all")]
    public void A_volumes_destination_is_resolved_inside(string path, string resolved)
    {
        directory.Make("run");
        directory.Link("var/run", "/run");
        directory.Link("climb", "../../../..");
        using RootFilesystem root = RootFilesystem.Open(directory.Path);
        Assert.Equal(resolved, root.ResolveInside(path));
    }

    [Fact]
    public void A_path_that_no_kernel_takes_is_refused_at_once()
    {
        using RootFilesystem root = RootFilesystem.Open(directory.Path);
        string endless = string.Concat(Enumerable.Repeat("/a", 2 << 20));
        Assert.Contains("longer than the 4095 bytes", Assert.Throws<RootFilesystemException>(() => root.ResolveInside(endless)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_to_what_only_the_container_will_have_is_refused_as_a_destination()
    {
        using var own = new TemporaryDirectory();
        File.CreateSymbolicLink($"{own.Path}/work", "/proc/self/fd/7");
        using RootFilesystem root = RootFilesystem.Open(own.Path);
        Assert.Contains("symbolic link", Assert.Throws<RootFilesystemException>(() => root.ResolveInside("/work/deeper")).Message, StringComparison.Ordinal);
    }
}
