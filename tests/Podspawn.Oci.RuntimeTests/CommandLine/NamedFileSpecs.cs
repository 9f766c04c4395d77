using CliWrap;

namespace Podspawn.Oci.RuntimeTests.CommandLine;

/// <summary>A file that the command line, a config or a bundle names is a regular one, or an error at once: a FIFO waits for ever, a device and the kernel's log never
/// end.</summary>
public sealed class NamedFileSpecs : IDisposable
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(20);

    private readonly string directory = Directory.CreateTempSubdirectory("podspawn-oci-").FullName;

    /// <summary>Paths that are not regular files.</summary>
    public static TheoryData<string> Traps => ["fifo", "/dev/zero", "/proc/kmsg", "link"];

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Theory]
    [MemberData(nameof(Traps))]
    public async Task A_flag_that_names_no_regular_file_is_refused(string trap)
    {
        string path = Lay(trap);
        await Refused(path, "run", "--config", path, "--rootfs", Repository.Probe, "--", "true");
        await Refused(path, "run", "--env-file", path, "--rootfs", Repository.Probe, "--", "true");
        await Refused(path, "run", "--security-opt", $"seccomp={path}", "--rootfs", Repository.Probe, "--", "true");
        await Refused(path, "create", "--env-file", path, "--rootfs", Repository.Probe, "--", "true");
        await Refused(path, "check", path);
        await Refused(path, "explain", "--config", path);
        await Refused(path, "spec", "--config", path);
        await Refused(path, "verify", "--config", path);
        await Refused(path, "matrix", path);
        await Refused(path, "pull", "--authfile", path, "registry.invalid/image");
        await Refused(path, "pull", "--signature-policy", path, "registry.invalid/image");
    }

    [Theory]
    [MemberData(nameof(Traps))]
    public async Task An_archive_or_a_layout_that_has_no_regular_file_is_refused(string trap)
    {
        string path = Lay(trap);
        await Refused(path, "import", path, "tool");
        await Refused(path, "pull", $"oci-archive:{path}");
        await Refused(path, "pull", $"docker-archive:{path}");
        foreach (string file in new[] { "index.json", "oci-layout", "blobs/sha256/5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03" })
        {
            string layout = Directory.CreateDirectory($"{directory}/{Path.GetFileName(file)}.layout").FullName;
            Directory.CreateDirectory(Path.GetDirectoryName($"{layout}/{file}")!);
            File.CreateSymbolicLink($"{layout}/{file}", path);
            await Refused($"{layout}/{file}", "pull", $"oci:{layout}");
        }
    }

    [Theory]
    [InlineData("index.json")]
    [InlineData("oci-layout")]
    [InlineData("blobs/sha256/5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03")]
    public async Task A_layout_with_a_pipe_in_it_is_refused(string file)
    {
        string path = $"{directory}/layout/{file}";
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // A pipe in the layout itself: a link to one is refused for being a link.
        File.Move(Lay("fifo"), path);
        await Refused($"{path} is not a regular file", "pull", $"oci:{directory}/layout");
    }

    [Theory]
    [MemberData(nameof(Traps))]
    public async Task A_config_or_a_bundle_that_names_no_regular_file_is_refused(string trap)
    {
        string path = Lay(trap);
        File.WriteAllText($"{directory}/config.yaml", $"security:\n  seccomp: {path}\n");
        await Refused($"{directory}/config.yaml:2:", "run", "--config", $"{directory}/config.yaml", "--rootfs", Repository.Probe, "--", "true");
        await Refused(path, "check", $"{directory}/config.yaml");
        string bundle = Directory.CreateDirectory($"{directory}/bundle").FullName;
        File.CreateSymbolicLink($"{bundle}/config.json", path);
        await Refused($"{bundle}/config.json", "run", "--bundle", bundle);
        File.WriteAllText($"{directory}/matrix.yaml", $"configs:\n  odd:\n    file: {path}\n");
        await Refused("matrix.yaml:3:", "matrix", $"{directory}/matrix.yaml");
    }

    [Fact]
    public async Task A_pipe_of_the_callers_shell_is_read_as_an_environment_file()
    {
        var output = new System.Text.StringBuilder();
        using var limit = new CancellationTokenSource(AtOnce);
        await Cli.Wrap("bash").WithArguments(
            ["-c", """exec "$0" run --runtime crun --rootfs "$1" --env-file <(echo A=piped) -- sh -c 'echo $A'""", Repository.Command, Repository.Busybox])
            .WithStandardOutputPipe(PipeTarget.ToStringBuilder(output)).ExecuteAsync(limit.Token);
        Assert.Equal("piped\n", output.ToString());
    }

    private string Lay(string trap)
    {
        if (trap.StartsWith('/'))
            return trap;
        string fifo = $"{directory}/fifo";
        HostFiles.Fifo(fifo);
        if (trap == "fifo")
            return fifo;
        File.CreateSymbolicLink($"{directory}/{trap}", fifo);
        return $"{directory}/{trap}";
    }

    private static async Task Refused(string named, params string[] arguments)
    {
        Outcome outcome = await PodspawnOci.Call(arguments, limit: AtOnce);
        Assert.True(outcome.Status is 1 or 125, $"{string.Join(' ', arguments)}: exit status {outcome.Status}: {outcome.Error}");
        Assert.Contains(named, outcome.Error, StringComparison.Ordinal);
        Assert.Contains("regular file", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(outcome.Output);
    }
}
