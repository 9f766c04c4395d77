using System.Text;
using System.Text.RegularExpressions;
using CliWrap;
using CliWrap.Buffered;

namespace Podspawn.Oci.RuntimeTests.Lifecycle;

/// <summary>Units that create containers, parsed by systemd itself.</summary>
public sealed class GenerateSystemdSpecs
{
    private static readonly string[] Words =
        ["", " ", "a b", "x\ny\tz", "é日本", "100%", "%n%%", "$HOME", "${HOME}", "$$", "\\", "a\\", "\"", "'q'", ";", "#", "\\;", "-x", "--", "*", "~"];

    [Fact]
    public async Task Systemd_reads_the_words_that_made_the_container_and_they_make_the_same_again()
    {
        string directory = Directory.CreateTempSubdirectory("stat unit 100%").FullName;
        try
        {
            Directory.CreateSymbolicLink($"{directory}/root", Repository.Probe);
            await File.WriteAllTextAsync($"{directory}/variables", "FROM_FILE=file\n");
            string[] command = ["sh", "-c", "printf '<%s>' \"$FROM_FILE\" \"$GIVEN\" \"$@\"", "sh", .. Words];
            (await PodspawnOci.Call(
                ["create", "--restart", "on-failure:2", "--name", "stat-unit", "-ti", "--env-file=variables", "-eGIVEN=a $b%c", "--pid-file", "pid", "--rootfs", "root",
                    "--stop-timeout", "7", "--", .. command],
                directory: directory)).Succeeded();
            string unit = (await PodspawnOci.Call(["generate", "systemd", "stat-unit"])).Succeeded().Text;
            Assert.Contains("\nRestart=on-failure\n", unit, StringComparison.Ordinal);
            Assert.Contains("\nStartLimitBurst=3\n", unit, StringComparison.Ordinal);
            Assert.Contains("\nTimeoutStopSec=7\n", unit, StringComparison.Ordinal);

            IReadOnlyList<string> read = await SystemdsReading(unit, "podspawn-oci-stat-unit.service");
            Assert.Equal([Repository.Command, "run", "--name", "stat-unit", "-t", "--env-file=variables", "-eGIVEN=a $b%c", "--rootfs", "root", "--stop-timeout", "7", "--",
                .. command], read);
            (await PodspawnOci.Call(["rm", "--force", "stat-unit"])).Succeeded();
            // The command as the service would run it; its own terminal only translates line feeds.
            Outcome outcome = await PodspawnOci.Call([.. read.Skip(1).Where(word => word != "-t")], directory: directory);
            Assert.Equal($"<file><a $b%c>{string.Concat(Words.Select(word => $"<{word}>"))}", outcome.Succeeded().Text);
            await Leftovers.AssertNone("stat-unit");
        }
        finally
        {
            await PodspawnOci.Call(["rm", "--force", "stat-unit"]);
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task A_file_is_written_that_systemd_finds_nothing_wrong_with()
    {
        string directory = Directory.CreateTempSubdirectory("stat-files-").FullName;
        try
        {
            await using Detached container = await Detached.Run("crun", [], Detached.Idle);
            Outcome outcome = (await PodspawnOci.Call(
                ["generate", "systemd", "--files", "--name", "--restart-policy", "always", "-t", "0", "--wants", "a.service", "--after", "b.service", "--requires", "c.service",
                    container.Name], directory: directory)).Succeeded();
            string path = $"{directory}/podspawn-oci-{container.Name}.service";
            Assert.Equal(path, outcome.Text.Trim());
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead, File.GetUnixFileMode(path));
            BufferedCommandResult verified = await Cli.Wrap("systemd-analyze").WithArguments(["verify", "--recursive-errors=no", path])
                .WithValidation(CommandResultValidation.None).ExecuteBufferedAsync();
            Assert.Equal((0, ""), (verified.ExitCode, verified.StandardOutput + verified.StandardError));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Theory]
    [InlineData("no such container", "stat-nobody")]
    [InlineData("--restart-policy: 'sometimes'", "--restart-policy", "sometimes", "CONTAINER")]
    public async Task What_cannot_be_a_unit_is_refused(string complaint, params string[] words)
    {
        await using Detached container = await Detached.Run("crun", [], Detached.Idle);
        Outcome outcome = await PodspawnOci.Call(["generate", "systemd", .. words.Select(word => word == "CONTAINER" ? container.Name : word)]);
        Assert.Equal((125, ""), (outcome.Status, outcome.Text));
        Assert.Contains(complaint, outcome.Error, StringComparison.Ordinal);
    }

    // systemd's own parser, in its test mode: it loads units, starts nothing, prints the result, and refuses to do so as root.
    private static async Task<IReadOnlyList<string>> SystemdsReading(string unit, string name)
    {
        const UnixFileMode Everybody = (UnixFileMode)511;
        string directory = Directory.CreateTempSubdirectory("stat-systemd-").FullName;
        try
        {
            File.SetUnixFileMode(directory, (UnixFileMode)493);
            Directory.CreateDirectory($"{directory}/run");
            File.SetUnixFileMode($"{directory}/run", Everybody);
            await File.WriteAllTextAsync($"{directory}/{name}", unit);
            await File.WriteAllTextAsync($"{directory}/default.target", $"[Unit]\nWants={name}\n");
            BufferedCommandResult told = await Cli.Wrap("setpriv").WithArguments(
                ["--reuid=65534", "--regid=65534", "--clear-groups", "env", "HOME=/nonexistent", $"XDG_RUNTIME_DIR={directory}/run",
                    $"SYSTEMD_UNIT_PATH={directory}:/lib/systemd/user",
                    "/lib/systemd/systemd", "--test", "--user", "--no-pager"]).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync();
            Match line = Regex.Match(told.StandardOutput, $"-> Unit {Regex.Escape(name)}:[\\s\\S]*?-> ExecStart:\\s*Command Line: (.*)");
            Assert.True(line.Success, told.StandardError);
            // Variables are replaced only when systemd starts the program.
            return [.. Unquoted(line.Groups[1].Value).Select(word => word.Replace("$$", "$", StringComparison.Ordinal))];
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    // systemd's format for words: in double quotes where needed, with a backslash before special characters.
    private static IEnumerable<string> Unquoted(string line)
    {
        foreach (Match match in Regex.Matches(line, "\"((?:[^\"\\\\]|\\\\.)*)\"|(\\S+)"))
        {
            var word = new StringBuilder();
            string text = match.Groups[1].Success ? match.Groups[1].Value : match.Groups[2].Value;
            for (int i = 0; i < text.Length; i++)
                word.Append(text[i] != '\\' || !match.Groups[1].Success ? text[i] : text[++i] switch { 'n' => '\n', 't' => '\t', var same => same });
            yield return word.ToString();
        }
    }
}
