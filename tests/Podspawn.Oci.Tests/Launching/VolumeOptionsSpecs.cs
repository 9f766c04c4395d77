using Podspawn.Oci.Errors;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.State;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Tests.Launching;

public sealed class VolumeOptionsSpecs : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("", false)]
    [InlineData(":ro", true)]
    [InlineData(":rw", false)]
    public void A_volume_is_a_source_a_destination_and_a_mode(string options, bool readOnly)
    {
        VolumeMount volume = Parse($"/etc:/data{options}");
        Assert.Equal(("/etc", "/data", readOnly), (volume.Source, volume.Destination, volume.ReadOnly));
    }

    [Theory]
    [InlineData("etc")]
    [InlineData("/etc:data")]
    [InlineData(":/data")]
    [InlineData("/etc:/data:zz")]
    [InlineData("/etc:/data:ro:more")]
    [InlineData("/no/such/source:/data")]
    [InlineData("/etc:/da\nta")]
    public void Anything_else_is_refused(string text) => Assert.Throws<ContainerException>(() => Parse(text));

    [Theory]
    [InlineData("/etc/:/m/", "/etc", "/m")]
    [InlineData("//etc/.:/m//n/./", "/etc", "/m/n")]
    [InlineData("/:/m", "/", "/m")]
    [InlineData("/etc:/data/x", "/etc", "/srv/data/x")]
    [InlineData("/etc:/missing", "/etc", "/mnt/missing")]
    [InlineData("/etc:/missing/deeper/", "/etc", "/mnt/missing/deeper")]
    [InlineData("/etc:/climbing", "/etc", "/etc")]
    [InlineData("/etc:/chain", "/etc", "/mnt/missing")]
    public void Slashes_are_cleaned_and_links_are_followed_inside_the_root(string text, string source, string destination)
    {
        directory.Make("srv/data");
        directory.Link("data", "/srv/data");
        directory.Link("missing", "mnt/missing");
        directory.Link("climbing", "../../../../etc");
        directory.Link("chain", "/missing");
        VolumeMount volume = Parse(text);
        Assert.Equal((source, destination), (volume.Source, volume.Destination));
    }

    [Theory]
    [InlineData("/etc:/descriptor", "/descriptor is a symbolic link to what the root filesystem does not have")]
    [InlineData("/etc:/descriptor/x", "/descriptor is a symbolic link to what the root filesystem does not have")]
    [InlineData("/etc:/device", "/device is a symbolic link to what the root filesystem does not have")]
    [InlineData("/etc:/circle/x", "leads in a circle")]
    public void A_link_that_leads_to_where_the_kernel_puts_something_is_refused(string text, string told)
    {
        directory.Make("proc");
        directory.Link("descriptor", "/proc/self/fd/7");
        directory.Link("device", "dev/fd");
        directory.Link("circle", "circle");
        Assert.Contains(told, Assert.Throws<RootFilesystemException>(() => Parse(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_relative_source_is_one_of_the_current_directory() =>
        Assert.Equal(Path.GetFullPath(".").TrimEnd('/'), Parse("./:/m").Source);

    [Theory]
    [InlineData("state/run")]
    [InlineData("state/run/containers/x")]
    [InlineData("state/data")]
    [InlineData("link/images")]
    [InlineData("state/../state/data/images")]
    public void Our_own_state_is_no_volume(string source)
    {
        directory.Make("state/run/containers/x");
        directory.Make("state/data/images");
        directory.Link("link", "state/data");
        Assert.Contains("where images and containers are kept", Assert.Throws<ContainerException>(() => Parse($"{directory.Path}/{source}:/x")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/", "whole filesystem")]
    [InlineData("/etc", "/etc")]
    [InlineData("/etc/../etc/.", "/etc")]
    [InlineData("/etc/hostname", "/etc")]
    [InlineData("/proc/sys", "kernel")]
    [InlineData("/proc/self/root", "whole filesystem")]
    [InlineData("/sys", "kernel")]
    [InlineData("/dev", "/dev")]
    [InlineData("/dev/null", "a device")]
    [InlineData("/run", "/run")]
    [InlineData("/usr", "/usr")]
    [InlineData("/var/lib", "/var/lib")]
    [InlineData("/bin", "/bin")]
    public void A_volume_of_the_hosts_own_is_warned_of(string source, string named)
    {
        Note? remark = Parse($"{source}:/x").Remark;
        Assert.Equal(NoteSeverity.Warning, remark?.Severity);
        Assert.Contains(named, remark!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_and_a_socket_are_told_by_what_they_are()
    {
        directory.Link("harmless", "/etc");
        Assert.Contains("(/etc)", Parse($"{directory.Path}/harmless:/x:ro").Remark?.Text, StringComparison.Ordinal);
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint($"{directory.Path}/docker.sock"));
        Assert.Contains("a socket", Parse($"{directory.Path}/docker.sock:/x:ro").Remark?.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/home")]
    [InlineData("/tmp")]
    [InlineData("/usr/share/zoneinfo")]
    public void A_volume_of_the_users_own_is_no_matter_for_a_remark(string source)
    {
        directory.Make("data");
        Assert.Null(Parse($"{(Directory.Exists(source) ? source : directory.Path)}:/x").Remark);
        Assert.Null(Parse($"{directory.Path}/data:/x").Remark);
        Assert.Equal(NoteSeverity.Info, Parse("/etc/hostname:/etc/hostname:ro").Remark?.Severity);
    }

    private VolumeMount Parse(string text)
    {
        using RootFilesystem root = RootFilesystem.Open(directory.Path);
        return VolumeOptions.Parse(text, root, new StateLayout($"{directory.Path}/state/run", $"{directory.Path}/state/data"));
    }
}
