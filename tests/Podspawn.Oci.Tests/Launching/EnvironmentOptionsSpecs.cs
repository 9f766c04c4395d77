using Podspawn.Oci.Configuration;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Launching.Planning;

namespace Podspawn.Oci.Tests.Launching;

public sealed class EnvironmentOptionsSpecs : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void A_container_starts_with_dockers_variables() => Assert.Equal(
        ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOSTNAME=box", "HOME=/root"], Compose());

    [Fact]
    public void An_image_with_half_a_million_variables_costs_no_minutes()
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        IReadOnlyList<string> environment = Compose(inherited: [.. Enumerable.Range(0, 500_000).Select(i => $"{i}=")]);
        Assert.Equal(500_003, environment.Count);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}");
    }

    [Fact]
    public void A_terminal_adds_its_kind() => Assert.Contains("TERM=xterm", Compose(Options() with { Terminal = true }));

    [Fact]
    public void The_last_value_of_a_name_wins_files_before_flags()
    {
        string file = directory.Write("env", "# comment\nA=file\n\nB=file = x\n");
        IReadOnlyList<string> environment = Compose(Options() with { EnvironmentFiles = [file], Environment = ["A=flag", "HOME=/h"] }, inherited: ["A=bundle", "C=bundle"]);
        Assert.Contains("A=flag", environment);
        Assert.Contains("B=file = x", environment);
        Assert.Contains("C=bundle", environment);
        Assert.Contains("HOME=/h", environment);
        Assert.DoesNotContain("A=file", environment);
    }

    [Fact]
    public void A_bare_name_passes_the_callers_value_on_and_an_unknown_one_nothing()
    {
        Environment.SetEnvironmentVariable("PODSPAWN_OCI_TEST_VALUE", "from caller");
        IReadOnlyList<string> environment = Compose(Options() with { Environment = ["PODSPAWN_OCI_TEST_VALUE", "PODSPAWN_OCI_TEST_NONE"] });
        Assert.Contains("PODSPAWN_OCI_TEST_VALUE=from caller", environment);
        Assert.DoesNotContain(environment, variable => variable.StartsWith("PODSPAWN_OCI_TEST_NONE", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("=x")]
    [InlineData("A B=x")]
    [InlineData("A=x\0y")]
    public void What_is_no_variable_is_refused(string variable) =>
        Assert.Throws<ContainerException>(() => Compose(Options() with { Environment = [variable] }));

    [Fact]
    public void A_bad_line_of_a_file_is_told_with_its_place()
    {
        string file = directory.Write("env", "A=1\n=2\n");
        Assert.Contains($"{file}:2", Assert.Throws<ContainerException>(() => Compose(Options() with { EnvironmentFiles = [file] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_more_process_has_the_containers_variables_and_the_flags_win()
    {
        string file = directory.Write("env", "B=file\nC=file\n");
        Assert.Equal(
            ["A=own", "HOME=/h", "B=file", "TERM=xterm", "C=flag"],
            EnvironmentOptions.Extend(["A=own", "HOME=/root", "B=own"], "/h", terminal: true, [file], ["C=flag"]));
        Assert.Equal(["TERM=vt100", "HOME=/root"], EnvironmentOptions.Extend(["TERM=vt100", "HOME=/root"], home: null, terminal: true, [], []));
    }

    [Theory]
    [InlineData("PODSPAWN_OCI_CONTAINER")]
    [InlineData("PODSPAWN_OCI_STAGING")]
    public void Our_own_marks_are_refused_by_name_and_left_out_of_what_is_inherited(string mark)
    {
        foreach (string variable in new[] { mark, $"{mark}=x", $"{mark}=" })
        {
            Assert.Contains($"{mark} is podspawn-oci's own mark", Assert.Throws<ContainerException>(() => Compose(Options() with { Environment = [variable] })).Message,
                StringComparison.Ordinal);
            Assert.Throws<ContainerException>(() => EnvironmentOptions.Extend([], null, terminal: false, [], [variable]));
            string file = directory.Write("env", $"{variable}\n");
            Assert.StartsWith($"{file}:1: ", Assert.Throws<ContainerException>(() => Compose(Options() with { EnvironmentFiles = [file] })).Message, StringComparison.Ordinal);
            Assert.DoesNotContain(variable, Compose(inherited: ["A=1", variable]));
            Assert.Equal(["A=1"], EnvironmentOptions.Extend(["A=1", variable], null, terminal: false, [], []));
        }
        Assert.Contains($"{mark}S=x", Compose(Options() with { Environment = [$"{mark}S=x"] }));
    }

    private static LaunchOptions Options() => new() { Config = PodspawnConfig.BuiltIn };

    private static IReadOnlyList<string> Compose(LaunchOptions? options = null, IReadOnlyList<string>? inherited = null) =>
        EnvironmentOptions.Compose(options ?? Options(), inherited ?? [], "/root", "box");
}
