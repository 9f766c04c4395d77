using Podspawn.Oci.Errors;
using Podspawn.Oci.Runtimes;

namespace Podspawn.Oci.Tests.Runtimes;

public sealed class RuntimeAnswerSpecs : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("runc version 1.1.5+ds1\ncommit: 1\nspec: 1.0.2-dev\ngo: go1.19.8\n", "runc", "1.1.5+ds1")]
    [InlineData("crun version 1.8.1\ncommit: f8a\nrundir: /run/crun\nspec: 1.0.0\n+SYSTEMD\n", "crun", "1.8.1")]
    [InlineData("runsc version release-20240101.0\nspec: 1.1.0\n", "runsc", "release-20240101.0")]
    public void An_oci_runtime_is_known_by_its_version(string answer, string name, string version) =>
        Assert.Equal(new RuntimeVersion(name, version), RuntimeVersion.Parse(answer));

    [Theory]
    [InlineData("")]
    [InlineData("true (GNU coreutils) 9.1\n")]
    [InlineData("runc version 1.1.5\n")]
    [InlineData("spec: 1.0.2\n")]
    public void Other_programs_are_none(string answer) => Assert.Null(RuntimeVersion.Parse(answer));

    [Theory]
    [InlineData("runc run failed: unable to start container process: exec: \"nope\": executable file not found in $PATH", 127)]
    [InlineData("executable file `nope` not found in $PATH: No such file or directory", 127)]
    [InlineData("running container: starting sandbox: error finding executable \"nope\" in PATH [/bin]: no such file or directory", 127)]
    [InlineData("runc run failed: unable to start container process: exec: \"/etc\": permission denied", 126)]
    [InlineData("open executable: Operation not permitted", 126)]
    [InlineData("the path `/etc/passwd` exists but it is not executable: Operation not permitted", 126)]
    [InlineData("the path `/etc` is not a regular file: Operation not permitted", 126)]
    [InlineData("starting sandbox: creating process: failed to load /etc: permission denied", 126)]
    [InlineData("exec /bad: exec format error", 126)]
    [InlineData("executing processes for container: executing command \"/etc\" in sandbox: failed to load /etc: permission denied", 126)]
    [InlineData("executing processes for container: executing command \"/bad\" in sandbox: failed to load /bad: no such file or directory", 127)]
    [InlineData("executing processes for container: executing command \"id\" in sandbox: failed to find initial working directory \"/x\": no such file or directory", 125)]
    [InlineData("cannot read client sync file: waiting for sandbox to start: EOF", 125)]
    [InlineData("mount /x: no such file or directory", 125)]
    [InlineData("error mounting \"/srv/executor\" to rootfs: no such file or directory", 125)]
    public void A_runtimes_message_tells_whose_fault_it_was(string message, int status) => Assert.Equal(status, RuntimeLog.ExitStatusOf(message));

    [Fact]
    public void Errors_are_read_from_the_log_and_a_cut_line_is_passed_over()
    {
        string log = directory.Write("log",
            "{\"level\":\"warning\",\"msg\":\"w\"}\n{\"level\":\"error\",\"msg\":\"first\"}\nnoise\n{\"msg\":\"second\",\"level\":\"error\"}\n{\"level\":\"err");
        Assert.Equal(["first", "second"], RuntimeLog.Errors(log));
        Assert.Empty(RuntimeLog.Errors($"{directory.Path}/none"));
    }

    [Fact]
    public void A_file_may_not_name_a_runtime_that_others_can_change()
    {
        string program = directory.Write("runc", "", UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherWrite);
        ConfigException e = Assert.Throws<ConfigException>(() => RuntimeLocator.Find(program, new Origin("config.yaml", 3, 12)));
        Assert.Contains("config.yaml:3:12", e.Message, StringComparison.Ordinal);
        Assert.Contains("is not to be trusted", e.Message, StringComparison.Ordinal);
        Assert.Equal(program, RuntimeLocator.Find(program, Origin.FromFlag("--runtime")));
    }

    [Fact]
    public void A_misspelt_runtime_gets_a_suggestion()
    {
        ConfigException e = Assert.Throws<ConfigException>(() => RuntimeLocator.Find("runcc", Origin.FromFlag("--runtime")));
        Assert.Contains("did you mean runc?", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Entries_that_share_a_line_are_read_one_by_one()
    {
        string path = directory.Path + "/joined.log";
        File.WriteAllText(path, """{"msg":"unknown capability","level":"error"}{"msg":"started","level":"info"}{"msg":"sandbox: EOF","level":"error"}""" + "\n{\"level\":\"err");
        Assert.Equal(["unknown capability", "sandbox: EOF"], RuntimeLog.Errors(path));
    }
}
