using CliWrap;

namespace Podspawn.Oci.RuntimeTests.Verification;

/// <summary>
/// No file, terminal or device of the host is ever a container's stdin, stdout or stderr: the probe attacks what is behind its streams and those of
/// every other process that it sees, and the host checks the state of its own.
/// </summary>
public sealed class StreamAttackSpecs : IDisposable
{
    private const string NullDevice = "666 0:0\n";
    private readonly string directory = Directory.CreateTempSubdirectory("podspawn-oci-").FullName;

    /// <summary>Every runtime, as root and as a user without privileges.</summary>
    public static TheoryData<string, string> RuntimesAndUsers => new()
    {
        { "runc", "0" }, { "runc", "1234" }, { "crun", "0" }, { "crun", "1234" }, { "runsc", "0" }, { "runsc", "1234" },
    };

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Theory]
    [MemberData(nameof(RuntimesAndUsers))]
    public async Task A_log_that_the_caller_appends_to_is_neither_read_nor_overwritten_nor_owned(string runtime, string user)
    {
        string told = await Shell($"""
            echo before > log; chmod 600 log
            {Run(runtime, user)} /probe/streams attack >> log 2>> errors || echo "status $?"
            stat -c '%a %u:%g' log
            """);
        Assert.Equal("600 0:0\n", told);
        Assert.Matches("^before\nattacked [1-9][0-9]*\n$", File.ReadAllText($"{directory}/log"));
        Assert.DoesNotContain("hit", File.ReadAllText($"{directory}/errors"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(RuntimesAndUsers))]
    public async Task A_file_that_the_caller_reads_from_and_writes_to_stays_as_it_is(string runtime, string user)
    {
        string told = await Shell($"""
            echo secret > in; chmod 640 in
            {Run(runtime, user, "-i")} /probe/streams attack < in > out 2> errors || echo "status $?"
            {Run(runtime, user, "-i")} /probe/streams attack <> in >> out 2>> errors || echo "status $?"
            stat -c '%a %u:%g' in; cat in out
            """);
        Assert.Matches("^640 0:0\nsecret\nattacked [1-9][0-9]*\nattacked [1-9][0-9]*\n$", told);
    }

    [Theory]
    [MemberData(nameof(RuntimesAndUsers))]
    public async Task The_hosts_null_device_stays_as_it_is(string runtime, string user)
    {
        string told = await Shell($"""
            {Run(runtime, user)} /probe/streams attack < /dev/null > /dev/null 2> /dev/null
            {Run(runtime, user, "-i")} /probe/streams attack <> /dev/null >&0 2>&0
            {Run(runtime, user)} /probe/streams attack <&- >&- 2>&-
            stat -c '%a %u:%g' /dev/null
            """);
        Assert.Equal(NullDevice, told);
    }

    [Theory]
    [MemberData(nameof(RuntimesAndUsers))]
    public async Task The_callers_pipes_and_sockets_stay_its_own(string runtime, string user)
    {
        string told = await Shell($"(echo in; {Run(runtime, user, "-i")} /probe/streams attack; stat -L -c '%a %u:%g' /proc/self/fd/0 /proc/self/fd/1) < <(echo more) 2>/dev/null | cat");
        Assert.Matches("^in\nattacked [1-9][0-9]*\n600 0:0\n600 0:0\n$", told);
        told = await Shell($"""
            python3 -c '
            import os, socket, subprocess, sys
            ours, theirs = socket.socketpair()
            done = subprocess.run(sys.argv[1:], stdin=theirs, stdout=theirs, stderr=subprocess.DEVNULL)
            theirs.shutdown(socket.SHUT_WR)
            facts = os.fstat(theirs.fileno())
            print(ours.recv(100).decode(), oct(facts.st_mode & 0o7777), facts.st_uid, done.returncode)
            ' {Run(runtime, user, "-i")} /probe/streams attack
            """);
        Assert.Matches("^attacked [1-9][0-9]*\n 0o777 0 0\n$", told);
    }

    [Theory]
    [MemberData(nameof(RuntimesAndUsers))]
    public async Task The_callers_terminal_is_neither_read_nor_typed_at_nor_changed(string runtime, string user)
    {
        using var terminal = new PseudoTerminal(24, 80, $"""
            stty -a > {directory}/before; stat -c '%a %u' /proc/self/fd/0 -L > {directory}/owner
            {Run(runtime, user)} /probe/streams attack; echo ended=$?
            stty -a > {directory}/after; stat -c '%a %u' /proc/self/fd/0 -L > {directory}/owner-after; read line; echo "caller-read-$line"
            """);
        await terminal.Expect("attacked [1-9].*ended=0");
        await terminal.Type("typed\n", "caller-read-typed");
        Assert.Equal(File.ReadAllText($"{directory}/before"), File.ReadAllText($"{directory}/after"));
        Assert.Equal(File.ReadAllText($"{directory}/owner"), File.ReadAllText($"{directory}/owner-after"));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task What_others_start_inside_is_out_of_reach_for_a_container_that_waits_for_it(string runtime)
    {
        await using Detached kept = await Detached.Run(runtime, Detached.OnProbe, "/probe/streams", "watch");
        await kept.UntilWritten("ready");
        string exec = $"'{Repository.Command}' exec";
        string told = await Shell($"""
            echo before > log; echo secret > in; chmod 600 log in
            for i in 1 2 3 4 5 6 7 8; do
              {exec} {kept.Name} /probe/streams attack >> log 2>> errors
              {exec} -i {kept.Name} sh -c 'cat; sleep 0.05' < in >> log 2>&1
              {exec} -d {kept.Name} /probe/streams attack
              {exec} -w /etc {kept.Name} /probe/streams attack >> log 2>> errors
              {exec} -d -w /etc {kept.Name} /probe/streams attack
              {exec} {kept.Name} sleep 0.05 > /dev/null 2>&1
            done
            stat -c '%a %u:%g' log in /dev/null; grep -v attacked log | sort -u; cat in
            """);
        Assert.Equal("600 0:0\n600 0:0\n666 0:0\nbefore\nsecret\nsecret\n", told);
        Assert.Equal("ready\n", kept.Written());
    }

    // Not under crun: its process inside has the state directory open for a moment, which leads anywhere. That is why the capability must not be
    // granted to a container that exec is used on later (SECURITY.md, "What is not a boundary").
    [Theory]
    [InlineData("runc")]
    [InlineData("runsc")]
    public async Task Even_one_that_may_look_into_every_process_reaches_no_stream_or_device_of_the_hosts(string runtime)
    {
        await using Detached kept = await Detached.Run(runtime, [.. Detached.OnProbe, "--cap-add", "SYS_PTRACE", "--allow-unenforced", "pids_limit"], "/probe/streams", "watch");
        await kept.UntilWritten("ready");
        string exec = $"'{Repository.Command}' exec";
        // The capability allows it to break processes that exec starts: statuses do not count here.
        string told = await Shell($"""
            echo before > log; echo secret > in; chmod 600 log in
            for i in 1 2 3 4 5 6 7 8; do
              {exec} {kept.Name} true >> log 2>> errors
              {exec} -i {kept.Name} sleep 0.05 < in >> log 2>> errors
              {exec} -t {kept.Name} sleep 0.05 > /dev/null 2>> errors
              {exec} -dt {kept.Name} sleep 0.05 2>> errors
              {exec} -d {kept.Name} sleep 0.05 2>> errors
            done
            stat -c '%a %u:%g' log in /dev/null; cat log in
            """);
        Assert.Equal("600 0:0\n600 0:0\n666 0:0\nbefore\nsecret\n", told);
    }

    [Theory]
    [MemberData(nameof(RuntimesAndUsers))]
    public async Task A_detached_container_has_no_device_of_the_hosts_either(string runtime, string user)
    {
        await using Detached kept = await Detached.Run(runtime, [.. Detached.OnProbe, "-u", user], "sh", "-c", "/probe/streams attack; exec sleep 600");
        await kept.UntilWritten("attacked");
        Assert.Equal(NullDevice, await Shell("stat -c '%a %u:%g' /dev/null"));
        (await kept.Exec(["-d", "-u", user], "sh", "-c", "/probe/streams attack; echo done > /tmp/done")).Succeeded();
        await Eventually.Holds("the attack from a detached command", async () => (await kept.Exec([], "cat", "/tmp/done")).Status == 0);
        (await kept.Do("restart", "--time", "0")).Succeeded();
        await kept.UntilStatus("running");
        Assert.Equal(NullDevice, await Shell("stat -c '%a %u:%g' /dev/null"));
        Assert.DoesNotContain("hit", kept.Written(), StringComparison.Ordinal);
    }

    private static string Run(string runtime, string user, string flags = "") =>
        $"'{Repository.Command}' run {flags} -u {user} --runtime {runtime} --rootfs '{Repository.Probe}' --";

    private async Task<string> Shell(string script)
    {
        var output = new System.Text.StringBuilder();
        await Cli.Wrap("bash").WithArguments(["-c", script]).WithWorkingDirectory(directory).WithValidation(CommandResultValidation.None)
            .WithStandardOutputPipe(PipeTarget.ToStringBuilder(output)).ExecuteAsync();
        return output.ToString();
    }
}
