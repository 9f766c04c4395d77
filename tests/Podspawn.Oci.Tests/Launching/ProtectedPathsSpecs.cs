using Podspawn.Oci.Configuration;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Tests.Launching;

public sealed class ProtectedPathsSpecs : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public ProtectedPathsSpecs()
    {
        directory.Write("etc/secret", "");
        directory.Link("etc/link", "secret");
        directory.Link("var/run", "../run");
        directory.Make("run/lock");
    }

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("/etc/link", "/etc/link")]
    [InlineData("/var/run/lock", "/var/run")]
    [InlineData("/proc/self/maps", "/proc/self")]
    [InlineData("/proc/mounts", "/proc/mounts")]
    [InlineData("/sys/class/net/lo", "/sys/class/net/lo")]
    [InlineData("/dev/ptmx", "/dev/ptmx")]
    public void A_path_that_goes_through_a_link_is_refused_in_either_list(string path, string link)
    {
        SecurityConfig security = new() { MaskedPaths = ["/etc/secret", path], ReadonlyPaths = [path] };
        IReadOnlyList<Problem> problems = Assert.Throws<ConfigException>(() => Check(security)).Problems;
        Assert.Equal(["security.masked_paths[1]", "security.readonly_paths[0]"], problems.Select(problem => problem.Key));
        Assert.All(problems, problem => Assert.Contains($"the symbolic link {link},", problem.What, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/etc/secret")]
    [InlineData("/not/there")]
    [InlineData("/etc/secret/below")]
    [InlineData("/proc/sys/kernel")]
    [InlineData("/sys/kernel")]
    [InlineData("/dev/null")]
    [InlineData("relative")]
    [InlineData("/mnt/volume/anything")]
    [InlineData("/mnt/tmpfs/anything")]
    public void Every_other_path_is_left_to_the_translator(string path) => Check(new SecurityConfig
    {
        MaskedPaths = [path],
        ReadonlyPaths = [path],
        Tmpfs = [KeyValuePair.Create("/mnt/tmpfs", "")],
    });

    [Fact]
    public void Dockers_own_lists_are_not_looked_at() => Check(new SecurityConfig());

    private void Check(SecurityConfig security)
    {
        using RootFilesystem root = RootFilesystem.Open(directory.Path);
        ProtectedPaths.Check(TestFacts.Config(security), root, [new VolumeMount("/srv", "/mnt/volume")]);
    }
}
