using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Podspawn.Oci.RuntimeTests.Terminals;

/// <summary><c>exec -it</c> and <c>attach</c>: a user at a container's terminal.</summary>
public sealed class TerminalVerbSpecs
{
    private const int Megabyte = 1 << 20;

    public static TheoryData<string, string> Ways => new()
    {
        { "runc", "exec" }, { "runc", "attach" }, { "crun", "exec" }, { "crun", "attach" }, { "runsc", "exec" }, { "runsc", "attach" },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_shell_has_the_callers_size_and_job_control_and_its_status_comes_back(string runtime, string verb)
    {
        await using Detached kept = await Shell(runtime, verb);
        using var terminal = new PseudoTerminal(33, 101, $"{Enter(kept, verb)}; echo ended=$?; stty -a | grep -o -- ' -\\?icanon'");
        await terminal.Type("\n", "# ");
        await terminal.Type(AwaitSize("33 101"), "sized.*# ");
        // A key counts only once the program runs: until then the shell's line editor has the terminal, and gVisor of 2022 loses a stop that falls
        // into an execve. The probe announces when it is ready, and handles neither key.
        await terminal.Type("/probe/tty\n", "ready");
        // As when a window is dragged: the last size is what counts.
        for (int i = 0; i < 20; i++)
            terminal.Resize(30 + i, 100 + i);
        terminal.Resize(41, 121);
        await terminal.Expect("size 41 121");
        await terminal.Type("\u0003", "# ");
        await terminal.Type("/probe/tty\n", "size 41 121.*ready");
        await terminal.Type("\u001a", "Stopped.*# ");
        // The prompt once did not come, perhaps since the shell learned of the job's end while it wrote it: it is requested.
        await terminal.Type("kill -9 %1; wait; echo clear''ed\n", "cleared");
        await terminal.Type("\n", "# ");
        await terminal.Type("echo go$((3+1)); cat > /dev/null; echo cat-en''ded\n", "go4");
        await terminal.Type("text\n\u0004", "cat-ended.*# ");
        // The caller's terminal is restored: canonical mode is on again.
        await terminal.Type("exit 7\n", "ended=7.* icanon");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Full_screen_programs_draw_resize_and_leave_the_screen_as_it_was(string runtime, string verb)
    {
        await using Detached kept = await Shell(runtime, verb);
        await using Tmux tmux = await Tmux.Start(24, 80, Enter(kept, verb));
        await tmux.Press("Enter");
        await tmux.Until("#");
        await tmux.Type("vi /tmp/written");
        await tmux.Press("Enter");
        await tmux.Until(screen => screen.Count(line => line == "~") >= 20);
        await tmux.Type("ihello from vi");
        await tmux.Until(screen => screen.Contains("hello from vi") && screen.Any(line => line.StartsWith("I /tmp/written", StringComparison.Ordinal)));
        await tmux.Press("Escape");
        await tmux.Until(screen => screen.Any(line => line.StartsWith("- /tmp/written", StringComparison.Ordinal)));
        await tmux.Resize(40, 100);
        await tmux.Until(screen => screen.Count(line => line == "~") >= 36);
        await tmux.Type(":wq");
        await tmux.Press("Enter");
        await tmux.Type("clear; cat /tmp/written");
        await tmux.Press("Enter");
        await tmux.Until(screen => screen.Contains("hello from vi"));
        await tmux.Type("seq 200 > /tmp/lines; less /tmp/lines");
        await tmux.Press("Enter");
        await tmux.Until(screen => screen.Contains("39"));
        await tmux.Type("G");
        await tmux.Until(screen => screen.Contains("200") && !screen.Contains("39"));
        await tmux.Type("qtop -d 1");
        await tmux.Press("Enter");
        await tmux.Until("COMMAND");
        await tmux.Type("q");
        await tmux.Type("clear; echo al''ive");
        await tmux.Press("Enter");
        await tmux.Until(screen => screen.Contains("alive"));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_megabyte_goes_each_way_byte_for_byte(string runtime, string verb)
    {
        await using Detached kept = await Shell(runtime, verb);
        using var terminal = new PseudoTerminal(24, 80, $"{Enter(kept, verb, "--detach-keys=")}; echo ended=$?");
        await terminal.Type("\n", "# ");
        byte[] pasted = RandomNumberGenerator.GetBytes(Megabyte);
        await terminal.Type($"stty raw -echo; echo rea''dy; head -c {Megabyte} | sha256sum; stty sane; echo sa''ne\n", "ready");
        await Task.Run(() => terminal.Type(pasted));
        Match sum = await terminal.Expect("([0-9a-f]{64}).*sane.*# ");
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(pasted)), sum.Groups[1].Value);

        await terminal.Type($"head -c {Megabyte} /dev/urandom > /tmp/shown; sha256sum /tmp/shown; stty raw -echo; echo be''gin; cat /tmp/shown; stty sane; echo sa''ne\n",
            "([0-9a-f]{64})  /tmp/shown");
        sum = Regex.Match((await terminal.Type("", "begin\n")).Value, "begin");
        Assert.True(sum.Success);
        Match shown = await terminal.Expect($"\\A.{{{Megabyte}}}");
        await terminal.Expect("sane.*# ");
        await terminal.Type("sha256sum /tmp/shown\n", $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.Latin1.GetBytes(shown.Value)))}.*# ");
        await terminal.Type("exit 0\n", "ended=0");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task The_detach_keys_leave_and_what_runs_goes_on(string runtime, string verb)
    {
        await using Detached kept = await Shell(runtime, verb);
        using (var first = new PseudoTerminal(24, 80, $"{Enter(kept, verb)}; echo ended=$?; stty -a | grep -o -- ' -\\?icanon'"))
        {
            await first.Type("\n", "# ");
            await first.Type("trap 'echo hung-up > /tmp/hup' HUP; until test -e /tmp/go; do sleep 0.05; done; echo went-on > /tmp/went; echo still he''re\n", "re\r?\n");
            await first.Type("\u0010\u0011", "read escape sequence.*ended=0.* icanon");
        }
        (await kept.Exec([], "touch", "/tmp/go")).Succeeded();
        await Eventually.Holds("the shell goes on", async () => (await kept.Exec([], "test", "-e", "/tmp/went")).Status == 0);
        Assert.Equal(1, (await kept.Exec([], "test", "-e", "/tmp/hup")).Status);
        if (verb == "exec")
            return;
        using var again = new PseudoTerminal(30, 90, $"{Enter(kept, verb, "--detach-keys=ctrl-x,x")}; echo ended=$?");
        // A key that begins the sequence and is followed by another is passed on: od prints ctrl-x.
        await again.Type("\n", "# ");
        await again.Type(AwaitSize("30 90"), "sized.*# ");
        await again.Type("stty raw -echo; echo rea''dy; head -c 3 | od -An -tx1; stty sane; echo sa''ne\n", "ready");
        await again.Type("\u0018y\u0010", "18 79 10.*sane.*# ");
        await again.Type("\u0018x", "read escape sequence.*ended=0");
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_process_that_keeps_the_terminal_does_not_hold_up_the_end_of_the_command(string runtime)
    {
        await using Detached kept = await Detached.Waiting(runtime);
        Outcome quiet = await kept.Exec(["-t"], "sh", "-c", "trap \"\" HUP; (trap \"\" HUP; sleep 600) & echo said; exit 7");
        Assert.Equal((7, "said\r\n"), (quiet.Status, quiet.Text));
    }

    // The monitor sets the size at some later moment.
    private static string AwaitSize(string size) => $"until [ \"$(stty size)\" = '{size}' ]; do sleep 0.05; done; echo si''zed\n";

    // For attach the container is the shell; for exec it only waits.
    private static Task<Detached> Shell(string runtime, string verb) =>
        verb == "attach" ? Detached.Run(runtime, [.. Detached.OnProbe, "-i", "-t"], "sh") : Detached.Waiting(runtime);

    private static string Enter(Detached kept, string verb, string flags = "") =>
        verb == "attach" ? $"'{Repository.Command}' attach {flags} {kept.Name}" : $"'{Repository.Command}' exec -it {flags} {kept.Name} sh";
}
