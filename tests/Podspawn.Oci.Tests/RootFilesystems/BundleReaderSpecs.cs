using Podspawn.Oci.Capabilities;
using Podspawn.Oci.RootFilesystems;

namespace Podspawn.Oci.Tests.RootFilesystems;

public sealed class BundleReaderSpecs : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void Process_root_and_mounts_are_taken_over()
    {
        directory.Make("data");
        Bundle bundle = Read(
            process: "\"args\":[\"sh\"],\"cwd\":\"/srv\",\"user\":{\"uid\":5,\"gid\":6},\"noNewPrivileges\":true,\"capabilities\":{\"bounding\":[\"CAP_CHOWN\",\"CAP_FUTURE\"]}",
            mounts: "{\"destination\":\"/data\",\"type\":\"bind\",\"source\":\"data\",\"options\":[\"rbind\",\"ro\",\"nodev\"]},{\"destination\":\"/cache\",\"type\":\"tmpfs\",\"source\":\"tmpfs\",\"options\":[\"size=1m\",\"mode=700\"]},{\"destination\":\"/proc\",\"type\":\"proc\",\"source\":\"proc\"}");
        Assert.Equal($"{directory.Path}/rootfs", bundle.RootPath);
        Assert.True(bundle.RootReadonly);
        Assert.Equal(CapabilitySet.Of(Capability.Chown), bundle.Capabilities);
        Assert.True(bundle.Process.NoNewPrivileges);
        Assert.Equal("/srv", bundle.Process.Cwd);
        var volume = Assert.Single(bundle.Volumes);
        Assert.Equal(($"{directory.Path}/data", "/data", true), (volume.Source, volume.Destination, volume.ReadOnly));
        Assert.Equal(["nodev"], volume.Options);
        Assert.Equal(new("/cache", "size=1m,mode=700"), Assert.Single(bundle.Tmpfs));
        Assert.Empty(bundle.Notes);
    }

    [Fact]
    public void A_bundle_without_capabilities_grants_none() => Assert.Equal(CapabilitySet.Empty, Read().Capabilities);

    [Fact]
    public void What_would_reach_beyond_the_config_is_left_out_with_a_note()
    {
        Bundle bundle = Read(more: ",\"hooks\":{\"prestart\":[{\"path\":\"/bin/touch\"}]}",
            linux: "\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[]},\"namespaces\":[{\"type\":\"network\",\"path\":\"/proc/1/ns/net\"}]");
        Assert.Equal(["bundle.hooks", "bundle.seccomp", "bundle.linux.namespaces"], bundle.Notes.Select(note => note.Key));
    }

    [Theory]
    [InlineData("\"args\":[\"sh\"],\"cwd\":\"/\",\"user\":null")]
    [InlineData("\"args\":[null],\"cwd\":\"/\",\"user\":{\"uid\":0,\"gid\":0}")]
    [InlineData("\"args\":[\"sh\"],\"cwd\":null,\"user\":{\"uid\":0,\"gid\":0}")]
    public void Null_is_refused_with_a_word(string process) =>
        Assert.Contains("null", Assert.Throws<RootFilesystemException>(() => Read(process: process)).Message, StringComparison.Ordinal);

    [Fact]
    public void Hardening_that_is_not_taken_over_is_told_of()
    {
        Bundle bundle = Read(
            process: "\"args\":[\"sh\"],\"cwd\":\"/\",\"user\":{\"uid\":0,\"gid\":0},\"apparmorProfile\":\"tight\"", linux: "\"namespaces\":[],\"maskedPaths\":[\"/etc/secret\"]");
        Assert.Equal(["bundle.maskedPaths", "bundle.apparmorProfile"], bundle.Notes.Select(note => note.Key));
    }

    [Theory]
    [InlineData("{\"destination\":\"/x\",\"type\":\"overlay\",\"source\":\"overlay\"}", "overlay")]
    [InlineData("{\"destination\":\"/x\",\"type\":\"bind\",\"source\":\"/x\",\"options\":[\"rshared\"]}", "rshared")]
    public void Other_mounts_are_refused(string mount, string named) =>
        Assert.Contains(named, Assert.Throws<RootFilesystemException>(() => Read(mounts: mount)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("/", "/")]
    [InlineData("/etc", "/etc")]
    [InlineData("../../../../../../../../etc", "/etc")]
    [InlineData("link", "/etc")]
    [InlineData("data/../link/.", "/etc")]
    [InlineData("/proc/self/root/etc", "/etc")]
    public void A_bind_mount_of_the_host_is_told_from_one_of_the_bundle(string source, string real)
    {
        directory.Make("data");
        directory.Link("link", "/etc");
        Bundle bundle = Read(mounts: $"{{\"destination\":\"/x\",\"type\":\"bind\",\"source\":\"{source}\",\"options\":[\"rbind\"]}},{{\"destination\":\"/y\",\"source\":\"data\",\"options\":[\"bind\"]}}");
        Assert.Equal(real, Assert.Single(bundle.HostVolumes).Source);
        Assert.Equal($"{bundle.Directory}/data", Assert.Single(bundle.Volumes).Source);
    }

    [Fact]
    public void A_bundle_is_no_place_for_devices_sockets_and_what_is_not_there()
    {
        directory.Link("null", "/dev/null");
        string Refusal(string source) =>
            Assert.Throws<RootFilesystemException>(() => Read(mounts: $"{{\"destination\":\"/x\",\"type\":\"bind\",\"source\":\"{source}\",\"options\":[\"bind\"]}}")).Message;
        Assert.Contains("neither a directory nor a regular file", Refusal("null"), StringComparison.Ordinal);
        Assert.Contains("does not exist", Refusal("gone"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_bundle_says_moves_no_cursor_and_begins_no_line()
    {
        Bundle bundle = Read(linux: "\"namespaces\":[{\"type\":\"network\",\"path\":\"/x\\u001b[2J\\nwarning: forged\\u202e\"}]");
        Assert.Contains("/x\\u001b[2J\\u000awarning: forged\\u202e", Assert.Single(bundle.Notes).Text, StringComparison.Ordinal);
        string refusal = Assert.Throws<RootFilesystemException>(() => Read(mounts: "{\"destination\":\"/x\\u001b\\n\",\"type\":\"evil\\u009b\",\"source\":\"x\"}")).Message;
        Assert.DoesNotContain(refusal, c => char.IsControl(c));
    }

    [Fact]
    public void A_path_with_a_NUL_is_refused() => Assert.Contains(
        "NUL", Assert.Throws<RootFilesystemException>(() => Read(mounts: "{\"destination\":\"/x\",\"type\":\"bind\",\"source\":\"/etc\\u0000x\",\"options\":[\"bind\"]}"))
            .Message, StringComparison.Ordinal);

    [Fact]
    public void A_bind_mount_in_the_place_of_a_default_one_is_left_out_with_a_note()
    {
        Bundle bundle = Read(mounts: "{\"destination\":\"/dev\",\"type\":\"bind\",\"source\":\"/dev\",\"options\":[\"rbind\"]},{\"destination\":\"/proc\",\"type\":\"proc\",\"source\":\"proc\"}");
        Assert.Equal("bundle.mounts", Assert.Single(bundle.Notes).Key);
        Assert.Empty(bundle.HostVolumes);
    }

    [Fact]
    public void A_text_that_no_kernel_takes_is_refused() => Assert.Contains(
        "longer than the 131071 bytes",
        Assert.Throws<RootFilesystemException>(() =>
            Read(process: $"\"args\":[\"sh\"],\"cwd\":\"/\",\"env\":[\"PATH={new string(':', 1 << 20)}\"],\"user\":{{\"uid\":0,\"gid\":0}}")).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_user_namespace_is_refused() =>
        Assert.Contains("user namespace", Assert.Throws<RootFilesystemException>(() => Read(linux: "\"namespaces\":[{\"type\":\"user\"}]")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_missing_or_broken_config_is_told_with_its_place()
    {
        Assert.Contains("no such bundle", Assert.Throws<RootFilesystemException>(() => BundleReader.Read(directory.Path)).Message, StringComparison.Ordinal);
        directory.Write("config.json", "{\n  \"ociVersion\": 5\n}");
        Assert.Contains("config.json:2:", Assert.Throws<RootFilesystemException>(() => BundleReader.Read(directory.Path)).Message, StringComparison.Ordinal);
    }

    private Bundle Read(
        string process = "\"args\":[\"sh\"],\"cwd\":\"/\",\"user\":{\"uid\":0,\"gid\":0}", string mounts = "", string linux = "\"namespaces\":[]", string more = "")
    {
        directory.Write(
            "config.json",
            $"{{\"ociVersion\":\"1.0.2\",\"process\":{{{process}}},\"root\":{{\"path\":\"rootfs\",\"readonly\":true}},\"mounts\":[{mounts}],\"linux\":{{{linux}}}{more}}}");
        return BundleReader.Read(directory.Path);
    }
}
