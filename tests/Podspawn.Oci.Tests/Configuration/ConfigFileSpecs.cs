using System.Text;
using Podspawn.Oci.Configuration;
using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Tests.Configuration;

/// <summary>Which files are accepted as a config.</summary>
public sealed class ConfigFileSpecs : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("podspawn-config-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void A_file_is_read_whatever_its_size_up_to_one_MiB()
    {
        string text = "security: {pids_limit: 5}\n#";
        foreach (int size in new[] { text.Length, 4095, 4096, 4097, 65536, 1 << 20 })
            Assert.Equal(5, ConfigLoader.LoadFile(Write(text.PadRight(size, '#'))).Security.PidsLimit);
    }

    [Fact]
    public void A_link_to_a_file_is_followed()
    {
        string link = Name("link");
        File.CreateSymbolicLink(link, Write("security: {pids_limit: 5}"));
        Assert.Equal(5, ConfigLoader.LoadFile(link).Security.PidsLimit);
    }

    [Fact]
    public void A_file_with_a_byte_order_mark_is_read() =>
        Assert.Equal(5, ConfigLoader.LoadFile(Write([0xef, 0xbb, 0xbf, .. "security: {pids_limit: 5}"u8])).Security.PidsLimit);

    [Fact]
    public void One_of_the_kernels_own_files_is_refused_though_it_passes_for_a_regular_one()
    {
        File.CreateSymbolicLink(Name("link"), "/proc/kmsg");
        foreach (string path in new[] { "/proc/kmsg", "/proc/sys/kernel/ostype", Name("link") })
            Assert.Equal("is one of the kernel's own files, not a regular file", Refusal(path).What);
    }

    [Fact]
    public void A_file_that_was_named_must_exist()
    {
        Problem problem = Refusal(Name("missing.yaml"));
        Assert.Equal("no such file", problem.What);
        Assert.Equal($"{Name("missing.yaml")}: no such file; {problem.Hint}", problem.ToString());
    }

    [Fact]
    public void The_default_file_need_not_exist() => Assert.Same(PodspawnConfig.BuiltIn, ConfigLoader.LoadIfPresent(Name("missing.yaml")));

    [Fact]
    public void The_default_file_is_read_when_it_exists() =>
        Assert.Equal(5, ConfigLoader.LoadIfPresent(Write("security: {pids_limit: 5}")).Security.PidsLimit);

    [Fact]
    public void A_default_file_that_is_a_dangling_link_does_not_pass_for_none()
    {
        File.CreateSymbolicLink(Name("link"), Name("gone"));
        ConfigException exception = Assert.Throws<ConfigException>(() => ConfigLoader.LoadIfPresent(Name("link")));
        Assert.Contains("symbolic link", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_through_a_file_does_not_pass_for_none() =>
        Assert.Throws<ConfigException>(() => ConfigLoader.LoadIfPresent(Write("") + "/config.yaml"));

    [Fact]
    public void A_directory_is_refused() => Assert.Equal("is a directory", Refusal(directory).What);

    [Fact]
    public void A_device_is_refused() => Assert.Equal("is not a regular file", Refusal("/dev/zero").What);

    [Fact]
    public void A_FIFO_is_refused_without_waiting_for_a_writer()
    {
        HostFiles.Fifo(Name("fifo"));
        Assert.Equal("is not a regular file", Refusal(Name("fifo")).What);
    }

    [Fact]
    public void A_file_over_one_MiB_is_refused() => Assert.Equal("is larger than 1 MiB", Refusal(Write(new byte[(1 << 20) + 1])).What);

    [Fact]
    public void A_file_that_is_not_UTF_8_is_refused_where_it_is_not()
    {
        Problem problem = Refusal(Write([.. "a: é\nb: "u8, 0xff]));
        Assert.Equal("is not valid UTF-8", problem.What);
        Assert.Equal((2, 4), (problem.Origin.Line, problem.Origin.Column));
    }

    [Fact]
    public void A_file_in_UTF_16_is_told_so() => Assert.Equal("is UTF-16", Refusal(Write(Encoding.Unicode.GetPreamble())).What);

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    public void A_name_that_is_none_is_refused(string path) => Assert.Equal("is not a file's name", Refusal(path).What);

    [Fact]
    public void A_profile_is_relative_to_the_file_even_when_the_file_is_named_relatively()
    {
        string path = Write("security: {seccomp: p.json}");
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        Assert.Equal(Name("p.json"), ConfigLoader.LoadFile(relative).Security.Seccomp);
    }

    private static Problem Refusal(string path) => Assert.Single(Assert.Throws<ConfigException>(() => ConfigLoader.LoadFile(path)).Problems);

    private string Name(string name) => Path.Combine(directory, name);

    private string Write(string text) => Write(Encoding.UTF8.GetBytes(text));

    private string Write(byte[] bytes)
    {
        File.WriteAllBytes(Name("config.yaml"), bytes);
        return Name("config.yaml");
    }
}
