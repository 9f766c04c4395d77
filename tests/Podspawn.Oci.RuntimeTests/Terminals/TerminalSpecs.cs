using System.Diagnostics;

namespace Podspawn.Oci.RuntimeTests.Terminals;

/// <summary>A container's terminal, driven through a real one.</summary>
public sealed class TerminalSpecs
{
    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_shell_has_a_terminal_of_the_callers_size_with_job_control(string runtime)
    {
        using PseudoTerminal session = new(24, 80,
            $"stty rows 33 cols 101; '{Repository.Command}' run -it --runtime {runtime} --rootfs '{Repository.Probe}' sh; echo ended=$?; stty -a | grep -o -- ' -\\?icanon'");
        await session.Expect("# ");
        await session.Type("stty size; test -t 0 && echo is-a-ter''minal\n", "33 101[\\s\\S]*is-a-terminal[\\s\\S]*# ");
        // A key counts only once the program runs: until then the shell's line editor has the terminal, and gVisor of 2022 loses a stop that falls
        // into an execve. The probe announces when it is ready, and handles neither key.
        await session.Type("/probe/tty\n", "ready");
        await session.Type("\u0003", "# ");
        await session.Type("/probe/tty\n", "ready");
        await session.Type("\u001a", "Stopped[\\s\\S]*# ");
        // The prompt once did not come, perhaps since the shell learned of the job's end while it wrote it: it is requested.
        await session.Type("kill -9 %1; wait; echo clear''ed\n", "cleared\\s");
        await session.Type("\n", "# ");
        await session.Type("echo go$((3+1)); cat > /dev/null; echo cat-en''ded\n", "go4");
        await session.Type("text\n\u0004", "cat-ended[\\s\\S]*# ");
        // The caller's terminal is restored: canonical mode is on again.
        await session.Type("exit 7\n", "ended=7[\\s\\S]* icanon");
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_new_size_of_the_callers_terminal_reaches_the_program(string runtime)
    {
        string told = Path.GetTempFileName();
        using PseudoTerminal session = new(24, 80,
            $"tty > '{told}'; stty rows 20 cols 80; exec '{Repository.Command}' run -it --runtime {runtime} --rootfs '{Repository.Probe}' /probe/tty");
        await session.Expect("size 20 80[\\s\\S]*ready");
        string terminal = File.ReadAllText(told).Trim();
        File.Delete(told);
        using (Process resize = Process.Start("stty", ["-F", terminal, "rows", "41", "cols", "121"]))
            await resize.WaitForExitAsync();
        await session.Expect("size 41 121");
        await session.Type("q\n", "q");
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Without_a_keyboard_the_output_still_comes_through_a_terminal(string runtime)
    {
        Outcome outcome = await PodspawnOci.Probe(runtime, ["-t"], "sh", "-c", "test -t 1 && echo is-a-terminal; exit 4");
        Assert.Equal(4, outcome.Status);
        Assert.Equal("is-a-terminal\r\n", outcome.Text);
    }

    [Fact]
    public async Task A_terminal_with_a_piped_keyboard_is_refused()
    {
        Outcome outcome = await PodspawnOci.Probe("runc", ["-it"], "true");
        Assert.Equal(125, outcome.Status);
        Assert.Contains("--tty: stdin is no terminal", outcome.Error, StringComparison.Ordinal);
    }
}
