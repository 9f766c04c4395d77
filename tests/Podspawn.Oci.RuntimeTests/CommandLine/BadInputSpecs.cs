using CliWrap;
using CliWrap.Buffered;

namespace Podspawn.Oci.RuntimeTests.CommandLine;

/// <summary>Bad input gives a clear error with its position and a hint, status 125, and leaves nothing behind.</summary>
public sealed class BadInputSpecs : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("podspawn-oci-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Theory]
    [InlineData("cap_add: [CHWON]", "config.yaml:2:13: security.cap_add[0]", "CHOWN")]
    [InlineData("tmpfs: {/: size=1m}", "config.yaml:2:11: security.tmpfs./", "")]
    [InlineData("tmpfs: {tmp: size=1m}", "security.tmpfs.tmp", "/tmp")]
    [InlineData("tmpfs: {/a/../b: size=1m}", "security.tmpfs./a/../b", "")]
    [InlineData("tmpfs: {/proc: size=1m}", "security.tmpfs./proc", "")]
    [InlineData("tmpfs: {/tmp: size=1e99}", "security.tmpfs./tmp", "1e99")]
    [InlineData("tmpfs: {/tmp: size=-1}", "security.tmpfs./tmp", "-1")]
    [InlineData("tmpfs: {/tmp: noexc}", "security.tmpfs./tmp", "noexec")]
    [InlineData("pids_limit: -2", "config.yaml:2:15: security.pids_limit", "-2")]
    [InlineData("pids_limit: many", "config.yaml:2:15: security.pids_limit", "whole number")]
    [InlineData("readonly_rootfs: perhaps", "security.readonly_rootfs", "true or false")]
    [InlineData("cap_drop: ALL", "security.cap_drop", "list")]
    [InlineData("read_only_rootfs: true", "security.read_only_rootfs", "readonly_rootfs")]
    [InlineData("runtime: ../runc", "config.yaml:2:12: security.runtime", "")]
    [InlineData("runtime: -x", "security.runtime", "")]
    [InlineData("runtime: no-such-runtime", "config.yaml:2:12: security.runtime", "not installed")]
    [InlineData("pids_limit: 5\n  pids_limit: 6", "config.yaml:3:3", "twice")]
    [InlineData("\tpids_limit: 5", "config.yaml:2:", "tab")]
    [InlineData("seccomp: none.json", "security.seccomp", "none.json")]
    public async Task A_bad_config_is_refused_with_its_place(string body, string place, string named)
    {
        File.WriteAllText($"{directory}/config.yaml", $"security:\n  {body}\n");
        await Refused([place, named], "--config", $"{directory}/config.yaml", "--rootfs", Repository.Probe);
    }

    [Fact]
    public async Task An_enormous_a_deep_and_an_alias_bombed_config_are_refused()
    {
        string config = $"{directory}/config.yaml";
        File.WriteAllText(config, "# " + new string('x', 2 << 20));
        await Refused(["1 MiB"], "--config", config, "--rootfs", Repository.Probe);
        File.WriteAllText(config, $"deep: {new string('[', 5000)}{new string(']', 5000)}\n");
        await Refused(["config.yaml:1:", "64"], "--config", config, "--rootfs", Repository.Probe);
        string bomb = string.Concat(Enumerable.Range(1, 12).Select(i => $"l{i}: &l{i} [{string.Join(',', Enumerable.Repeat($"*l{i - 1}", 10))}]\n"));
        File.WriteAllText(config, $"l0: &l0 [x]\n{bomb}");
        await Refused(["alias"], "--config", config, "--rootfs", Repository.Probe);
    }

    [Theory]
    [InlineData("--cap-add", "CHWON", "CHOWN")]
    [InlineData("--tmpfs", "/tmp:size=12q", "12q")]
    [InlineData("--tmpfs", "relative", "relative")]
    [InlineData("--pids-limit", "-5", "-5")]
    [InlineData("--memory", "lots", "lots")]
    [InlineData("--memory", "1m", "6m")]
    [InlineData("--cpus", "-1", "-1")]
    [InlineData("--security-opt", "apparmor=x", "apparmor")]
    [InlineData("--network", "bridge", "none, host")]
    [InlineData("--name", "a/b", "a/b")]
    [InlineData("--name", "..", "..")]
    [InlineData("--user", "stranger", "no user 'stranger'")]
    [InlineData("--volume", "/no/such:/x", "does not exist")]
    [InlineData("--volume", "/etc:/proc/x", "/proc")]
    [InlineData("--workdir", "relative", "not absolute")]
    [InlineData("--hostname", "bad name", "no host name")]
    [InlineData("--runtime", "/bin/true", "OCI runtime")]
    [InlineData("--runtime", "/bin/cat", "OCI runtime")]
    [InlineData("--runtime", "runcc", "runc")]
    [InlineData("--env", "=x", "NAME=value")]
    [InlineData("--env-file", "/no/such", "/no/such")]
    [InlineData("--memroy", "1g", "--memory")]
    public async Task A_bad_flag_is_refused(string flag, string value, string named) => await Refused([named], flag, value, "--rootfs", Repository.Probe);

    [Fact]
    public async Task A_root_that_is_none_is_refused()
    {
        File.WriteAllText($"{directory}/image.tar", "");
        await Refused(["no such root filesystem"], "--rootfs", $"{directory}/none");
        await Refused(["not a directory"], "--rootfs", $"{directory}/image.tar");
        await Refused(["no such bundle"], "--bundle", directory);
        // The first word is then an image, which is not in the store.
        await Refused(["true: is not in the store"], "--pull", "never");
        await Refused(["exclude each other"], "--rootfs", directory, "--bundle", directory);
    }

    [Theory]
    [InlineData("etc/passwd", "/etc/passwd", "/etc/passwd")]
    [InlineData("etc/passwd", "../../../../../../etc/passwd", "/etc/passwd")]
    [InlineData("proc", "/tmp", "/proc")]
    [InlineData("proc", "../../../tmp", "/proc")]
    [InlineData("dev", "/dev", "/dev")]
    [InlineData("mnt", "/etc", "/mnt")]
    [InlineData("mnt", "../../../../etc", "/mnt")]
    public async Task A_link_that_points_out_is_refused_and_nothing_is_touched(string link, string target, string named)
    {
        Directory.CreateDirectory($"{directory}/root/bin");
        Directory.CreateDirectory($"{directory}/root/etc");
        File.Copy($"{Repository.Busybox}/bin/busybox", $"{directory}/root/bin/true");
        File.CreateSymbolicLink($"{directory}/root/{link}", target);
        await Refused([named, "symbolic link"], "--rootfs", $"{directory}/root", "--tmpfs", "/mnt/x");
    }

    [Fact]
    public async Task A_file_may_not_name_a_runtime_that_others_can_change()
    {
        File.Copy("/usr/bin/crun", $"{directory}/crun");
        File.SetUnixFileMode($"{directory}/crun", (UnixFileMode)0x1FF);
        File.WriteAllText($"{directory}/config.yaml", $"security:\n  runtime: {directory}/crun\n");
        await Refused(["config.yaml:2:12", "not to be trusted"], "--config", $"{directory}/config.yaml", "--rootfs", Repository.Probe);
    }

    [Theory]
    [InlineData(@"$'a\xff'", 125, "an argument is not UTF-8")]
    [InlineData(@"$'\xc3'", 125, "an argument is not UTF-8")]
    [InlineData(@"$'\xef\xbf\xbd'", 0, "")] // U+FFFD itself
    public async Task An_argument_that_is_not_UTF_8_is_refused_and_not_changed(string argument, int status, string named)
    {
        BufferedCommandResult result = await Cli.Wrap("bash")
            .WithArguments(["-c", $"\"$0\" run --runtime crun --rootfs \"$1\" -- sh -c 'printf %s \"$0\"' {argument}", Repository.Command, Repository.Busybox])
            .WithValidation(CommandResultValidation.None).ExecuteBufferedAsync();
        Assert.True(result.ExitCode == status, $"exit status {result.ExitCode}: {result.StandardError}");
        Assert.Contains(named, result.StandardError, StringComparison.Ordinal);
        Assert.Equal(status == 0 ? "\ufffd" : "", result.StandardOutput);
    }

    private static async Task Refused(string[] named, params string[] flags)
    {
        string[] before = Entries();
        Outcome outcome = await PodspawnOci.Call(["run", .. flags, "--", "true"]);
        Assert.True(outcome.Status == 125, $"exit status {outcome.Status}: {outcome.Error}");
        Assert.All(named, word => Assert.Contains(word, outcome.Error, StringComparison.Ordinal));
        Assert.Empty(outcome.Output);
        // Other tests run at the same time: what counts is that no container of this run is left.
        Assert.DoesNotContain(Entries().Except(before), entry => IsOfForeground(entry) && Directory.Exists(entry) && IsAbandoned(entry));
    }

    private static string[] Entries() =>
        Directory.Exists("/run/podspawn-oci/containers") ? Directory.GetDirectories("/run/podspawn-oci/containers") : [];

    // One that stays is another test's; one without a record may be of either kind, but has its lock held while it is made.
    private static bool IsOfForeground(string directory)
    {
        try
        {
            return File.ReadAllText($"{directory}/container.json").Contains("\"foreground\":true", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static bool IsAbandoned(string directory)
    {
        try
        {
            using FileStream held = new($"{directory}/lock", FileMode.Open, FileAccess.Read, FileShare.None);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
