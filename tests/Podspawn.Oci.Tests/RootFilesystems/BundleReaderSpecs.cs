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
        Bundle bundle = Read(more: ",\"hooks\":{\"prestart\":[{\"path\":\"/bin/touch\"}]}", linux: "\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[]},\"namespaces\":[{\"type\":\"network\",\"path\":\"/proc/1/ns/net\"}]");
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
