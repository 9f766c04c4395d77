using Podspawn.Oci.Errors;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.State;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Tests.Launching;

/// <summary>What docker's and podman's texts for volumes and mounts ask for.</summary>
public sealed class MountTextSpecs : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    private StateLayout Layout => new($"{directory.Path}/state/run", $"{directory.Path}/state/data");

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("data:/d")]
    [InlineData("data:/d/")]
    [InlineData("data:/d:rw,z")]
    [InlineData("data:/d:Z")]
    public void A_name_in_front_is_a_volumes(string text)
    {
        VolumeMount mount = Volume(text);
        Assert.Equal(("data", "/d", false), (mount.Volume?.Name, mount.Destination, mount.ReadOnly));
        Assert.Equal($"{Layout.DataDirectory}/volumes/data/_data", mount.Source);
        Assert.Equal(["nosuid", "nodev"], mount.Options);
        Assert.False(mount.Volume!.IsAnonymous);
    }

    [Fact]
    public void A_destination_alone_is_a_volume_without_a_name()
    {
        VolumeMount mount = Volume("/d/");
        Assert.True(mount.Volume!.IsAnonymous);
        Assert.Matches("^[0-9a-f]{64}$", mount.Volume.Name);
        Assert.Equal("/d", mount.Destination);
    }

    [Theory]
    [InlineData(".:/d")]
    [InlineData("./data:/d")]
    [InlineData("/etc:/d")]
    [InlineData("data/sub:/d")]
    public void What_has_a_slash_or_begins_with_a_dot_is_a_path(string text)
    {
        MountRequest request = VolumeText.Read(text);
        Assert.Null(request.Volume);
        Assert.Equal(text.Split(':')[0], request.HostPath);
    }

    [Theory]
    [InlineData("-x:/d")]
    [InlineData("_x:/d")]
    [InlineData("a b:/d")]
    [InlineData("ä:/d")]
    [InlineData("a\\b:/d")]
    public void A_name_that_could_be_something_else_is_refused(string text) =>
        Assert.Contains("names a volume", Assert.Throws<ContainerException>(() => Volume(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("ro,rw", "both ro and rw")]
    [InlineData("z,Z", "both z and Z")]
    [InlineData("nocopy,copy", "both copy and nocopy")]
    [InlineData("bind,rbind", "both bind and rbind")]
    [InlineData("exec,noexec", "both exec and noexec")]
    [InlineData("shared", "asks for 'shared'")]
    [InlineData("rslave", "asks for 'rslave'")]
    [InlineData("O", "not to be had")]
    [InlineData("remount", "unknown option")]
    [InlineData("size=1m", "unknown option")]
    [InlineData("", "unknown option")]
    public void Options_that_contradict_or_are_not_to_be_had_are_refused(string options, string told) =>
        Assert.Contains(told, Assert.Throws<ContainerException>(() => VolumeText.Read($"/etc:/d:{options}")).Message, StringComparison.Ordinal);

    [Fact]
    public void Flags_replace_the_hardened_ones_of_their_kind()
    {
        Assert.Equal(["nosuid", "dev", "noexec"], Volume("data:/d:dev,noexec").Options);
        Assert.Equal(["nodev", "suid"], Volume("data:/d:suid").Options);
        VolumeMount bound = Volume("/etc:/d:bind,noexec,private,cached,ro,ro");
        Assert.Equal((false, true, "ro,bind,noexec,private"), (bound.IsRecursive, bound.ReadOnly, bound.Mode));
        Assert.Equal(["noexec", "private"], bound.Options);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/etc")]
    [InlineData("/etc/ssl")]
    [InlineData("/usr/share/doc")]
    [InlineData("/usr/lib/../bin")]
    [InlineData("/var/lib")]
    [InlineData("/home")]
    [InlineData("/proc/self")]
    [InlineData("/bin/")]
    [InlineData("/dev")]
    public void The_hosts_own_is_given_to_nobody(string source) =>
        Assert.Contains("host's own", Assert.Throws<ContainerException>(() => Volume($"{source}:/d:U")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_link_to_the_hosts_own_is_the_hosts_own()
    {
        directory.Link("innocent", "/etc");
        directory.Make("real");
        directory.Link("fine", "real");
        Assert.Contains("host's own", Assert.Throws<ContainerException>(() => Volume($"{directory.Path}/innocent:/d:U")).Message, StringComparison.Ordinal);
        Assert.Equal(($"{directory.Path}/real", true), (Volume($"{directory.Path}/fine:/d:U").Source, Volume($"{directory.Path}/fine:/d:U").ChangesOwner));
    }

    [Fact]
    public void A_volume_goes_to_no_file()
    {
        directory.Write("file", "");
        Assert.Contains("no directory", Assert.Throws<ContainerException>(() => Volume("data:/file")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("type=bind,source=/etc,target=/d,readonly", "/etc:/d:ro")]
    [InlineData("type=bind,src=/etc,dst=/d/,ro=true", "/etc:/d:ro")]
    [InlineData("dst=/d,type=bind,src=/etc,ro=0", "/etc:/d:rw")]
    [InlineData("type=bind,source=/etc,destination=/d,bind-propagation=rprivate,bind-nonrecursive", "/etc:/d:rprivate,bind")]
    [InlineData("type=bind,source=/etc,target=/d,relabel=shared,consistency=cached", "/etc:/d:z")]
    [InlineData("type=volume,source=data,target=/d,volume-nocopy,volume-driver=local", "data:/d:nocopy")]
    [InlineData("source=data,target=/d,rw=false", "data:/d:ro")]
    [InlineData("\"type=volume\",source=data,target=/d,chown=false", "data:/d")]
    public void A_mount_asks_for_what_a_volume_does(string mount, string volume)
    {
        (MountRequest one, MountRequest other) = (MountText.Read(mount), VolumeText.Read(volume));
        Assert.Equal((one.HostPath, one.Volume, one.Destination), (other.HostPath, other.Volume, other.Destination));
        Assert.Equal(Facts(one.Options), Facts(other.Options));
        Assert.Equal(one.Options.Flags, other.Options.Flags);
    }

    [Fact]
    public void Quotation_marks_hold_commas_together() => Assert.Equal("/a,\"b", MountText.Read("type=bind,\"source=/a,\"\"b\",target=/d").HostPath);

    [Fact]
    public void Labels_go_to_the_volume() =>
        Assert.Equal(new Dictionary<string, string> { ["a"] = "b=c", ["d"] = "" }, MountText.Read("target=/d,volume-label=a=b=c,volume-label=d").Labels);

    [Theory]
    [InlineData("", "unknown key")]
    [InlineData("type=bind,source=/etc", "no absolute path as its target")]
    [InlineData("type=bind,source=/etc,target=d", "no absolute path as its target")]
    [InlineData("type=bind,target=/d", "no source")]
    [InlineData("type=cluster,source=x,target=/d", "of the type 'cluster'")]
    [InlineData("type=image,target=/d", "no source")]
    [InlineData("type=image,source=x", "no absolute path as its target")]
    [InlineData("type=image,source=x,target=/d,rw,readwrite", "'rw' twice")]
    [InlineData("type=image,source=x,target=/d,relabel=shared", "no 'relabel'")]
    [InlineData("type=image,source=x,target=/d,tmpfs-size=1m", "'tmpfs-size' is of another")]
    [InlineData("type=bind,source=/etc,target=/d,dst=/e", "'target' twice")]
    [InlineData("type=bind,source=/etc,target=/d,volume-nocopy", "'volume-nocopy' is of another")]
    [InlineData("type=volume,source=data,target=/d,tmpfs-size=1m", "'tmpfs-size' is of another")]
    [InlineData("type=volume,source=data,target=/d,volume-opt=type=nfs", "not to be had")]
    [InlineData("type=volume,source=data,target=/d,volume-driver=nfs", "no fitting value")]
    [InlineData("type=volume,source=data,target=/d,readonly=maybe", "has 'maybe'")]
    [InlineData("type=volume,source=data,target=/d,raedonly", "did you mean readonly?")]
    [InlineData("type=tmpfs,source=x,target=/d", "a tmpfs with a source")]
    [InlineData("type=bind,source=/etc,target=/d,bind-propagation=shared", "asks for 'shared'")]
    [InlineData("type=volume,\"source=data,target=/d", "without its end")]
    [InlineData("type=bind,source=/etc,target=/d,volume-label=a=b", "has no labels")]
    public void What_a_mount_cannot_be_is_refused(string text, string told) =>
        Assert.Contains(told, Assert.Throws<ContainerException>(() => MountText.Read(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Mounts_of_a_tmpfs_join_the_others_of_the_command_line() => Assert.Equal(
        ["/a:size=1m", "/b:size=2m,mode=0700,ro", "/c"],
        MountRequests.TmpfsOf(["/a:size=1m"], ["type=tmpfs,target=/b/,tmpfs-size=2m,tmpfs-mode=0700,ro", "type=volume,source=x,target=/a", "type=tmpfs,dst=/c"]));

    [Fact]
    public void What_is_said_twice_in_the_same_words_is_meant_once() =>
        Assert.Equal(["/a:size=1m", "/b"], MountRequests.TmpfsOf(["/a:size=1m", "/a:size=1m"], ["type=tmpfs,target=/b", "type=tmpfs,target=/b"]));

    [Theory]
    [InlineData("/tmp", "/tmp/")]
    [InlineData("/tmp:size=1m", "/tmp:size=2m")]
    public void Two_tmpfs_at_one_path_are_refused(string one, string other)
    {
        Assert.Contains("/tmp: duplicate mount destination", Assert.Throws<ContainerException>(() => MountRequests.TmpfsOf([one, other], [])).Message, StringComparison.Ordinal);
        Assert.Throws<ContainerException>(() => MountRequests.TmpfsOf([one], ["type=tmpfs,target=/tmp//"]));
    }

    private static (bool?, bool?, bool?, bool, string?) Facts(MountOptions options) =>
        (options.ReadOnly, options.NoCopy, options.Recursive, options.ChangesOwner, options.Relabel);

    private VolumeMount Volume(string text)
    {
        using RootFilesystem root = RootFilesystem.Open(directory.Path);
        return MountRequests.Resolve(VolumeText.Read(text), root, Layout);
    }
}
