using System.Text;
using Podspawn.Oci.Native;
using Podspawn.Oci.Terminals;
using Tmds.Linux;

namespace Podspawn.Oci.Tests.Terminals;

public sealed class PtyRelaySpecs : IDisposable
{
    private const int Megabyte = 1 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly PtyPair pty = new();
    private readonly PipePair stdin = new();
    private readonly PipePair stdout = new();

    [Fact]
    public async Task A_megabyte_goes_each_way_at_once_byte_for_byte()
    {
        pty.AsRaw();
        byte[] typed = PipePair.Noise(Megabyte, 1);
        byte[] shown = PipePair.Noise(Megabyte, 2);
        Task<RelayEnding> relay = Start();
        Task typing = InBackground(() => PipePair.WriteAll(stdin.Writer, typed));
        Task showing = InBackground(() => PipePair.WriteAll(pty.Slave, shown));
        Task<byte[]> program = InBackground(() => PipePair.Read(pty.Slave, Megabyte));
        Task<byte[]> screen = InBackground(() => PipePair.Read(stdout.Reader, Megabyte));
        await Task.WhenAll(typing, showing, program, screen).WaitAsync(Patience);
        pty.CloseSlave();
        Assert.Equal(RelayEnding.Finished, await relay.WaitAsync(Patience));
        Assert.Equal(typed, await program);
        Assert.Equal(shown, await screen);
    }

    [Fact]
    public async Task A_paste_into_a_program_that_writes_all_before_it_reads_does_not_lock_up()
    {
        pty.AsRaw();
        byte[] typed = PipePair.Noise(Megabyte, 3);
        byte[] shown = PipePair.Noise(Megabyte, 4);
        Task<RelayEnding> relay = Start();
        Task typing = InBackground(() => PipePair.WriteAll(stdin.Writer, typed));
        Task<byte[]> program = InBackground(() =>
        {
            PipePair.WriteAll(pty.Slave, shown);
            return PipePair.Read(pty.Slave, Megabyte, piece: 1000);
        });
        Assert.Equal(shown, await InBackground(() => PipePair.Read(stdout.Reader, Megabyte, piece: 700)).WaitAsync(Patience));
        Assert.Equal(typed, await program.WaitAsync(Patience));
        await typing;
        pty.CloseSlave();
        Assert.Equal(RelayEnding.Finished, await relay.WaitAsync(Patience));
    }

    [Fact]
    public async Task Input_goes_on_while_nobody_reads_the_output()
    {
        pty.AsRaw();
        Task<RelayEnding> relay = Start();
        // More than stdout's pipe, the relay and the terminal can hold: the writer stays blocked until the reader reads.
        byte[] shown = PipePair.Noise(Megabyte, 5);
        Task showing = InBackground(() => PipePair.WriteAll(pty.Slave, shown));
        byte[] typed = PipePair.Noise(300_000, 6);
        Task typing = InBackground(() => PipePair.WriteAll(stdin.Writer, typed));
        Assert.Equal(typed, await InBackground(() => PipePair.Read(pty.Slave, typed.Length)).WaitAsync(Patience));
        Assert.False(showing.IsCompleted);
        Assert.Equal(shown, await InBackground(() => PipePair.Read(stdout.Reader, shown.Length)).WaitAsync(Patience));
        await Task.WhenAll(typing, showing);
        pty.CloseSlave();
        await relay.WaitAsync(Patience);
    }

    [Fact]
    public async Task What_was_written_before_the_terminal_ended_still_comes_out()
    {
        pty.AsRaw();
        byte[] last = PipePair.Noise(3000, 7);
        PipePair.WriteAll(pty.Slave, last);
        pty.CloseSlave();
        Assert.Equal(RelayEnding.Finished, await Start().WaitAsync(Patience));
        Assert.Equal(last, PipePair.Read(stdout.Reader, last.Length));
    }

    [Fact]
    public async Task A_long_paste_of_lines_loses_nothing_to_the_line_discipline()
    {
        SetEcho(false);
        byte[] lines = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 20_000).Select(i => $"line {i}\n")));
        Task<RelayEnding> relay = Start();
        Task typing = InBackground(() => PipePair.WriteAll(stdin.Writer, lines));
        Assert.Equal(lines, await InBackground(() => PipePair.Read(pty.Slave, lines.Length, piece: 100)).WaitAsync(Patience));
        await typing;
        pty.CloseSlave();
        await relay.WaitAsync(Patience);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("one line\n", "one line\n")]
    [InlineData("no line end", "no line end")]
    public async Task The_end_of_a_piped_stdin_is_the_end_of_file_inside(string typed, string expected)
    {
        SetEcho(false);
        Task<RelayEnding> relay = Start();
        PipePair.WriteAll(stdin.Writer, Encoding.ASCII.GetBytes(typed));
        stdin.CloseWriter();
        // Read returns at end of file although more was requested.
        byte[] got = await InBackground(() => PipePair.Read(pty.Slave, 1000)).WaitAsync(Patience);
        Assert.Equal(expected, Encoding.ASCII.GetString(got));
        pty.CloseSlave();
        Assert.Equal(RelayEnding.Finished, await relay.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_program_in_raw_mode_gets_no_control_d_at_the_end_of_stdin()
    {
        pty.AsRaw();
        using var relay = new PtyRelay(pty.Master, stdin.Reader, stdout.Writer);
        Task<RelayEnding> run = InBackground(relay.Run);
        PipePair.WriteAll(stdin.Writer, "x"u8);
        Assert.Equal("x"u8, PipePair.Read(pty.Slave, 1));
        stdin.CloseWriter();
        // The relay has seen the end of stdin once it has passed on what came out after it.
        PipePair.WriteAll(pty.Slave, "y"u8);
        Assert.Equal("y"u8, PipePair.Read(stdout.Reader, 1));
        relay.Stop(drain: true);
        Assert.Equal(RelayEnding.Stopped, await run.WaitAsync(Patience));
        Span<TerminalCalls.PollFd> fds = [new(pty.Slave, TerminalCalls.POLLIN)];
        Assert.Equal(0, TerminalCalls.Poll(fds, 0));
    }

    [Fact]
    public async Task A_stdin_that_was_not_asked_for_is_not_read()
    {
        pty.AsRaw();
        PipePair.WriteAll(stdin.Writer, "for somebody else"u8);
        using var relay = new PtyRelay(pty.Master, null, stdout.Writer);
        Task<RelayEnding> run = InBackground(relay.Run);
        PipePair.WriteAll(pty.Slave, "out"u8);
        Assert.Equal("out"u8, PipePair.Read(stdout.Reader, 3));
        pty.CloseSlave();
        Assert.Equal(RelayEnding.Finished, await run.WaitAsync(Patience));
        Assert.Equal("for somebody else"u8, PipePair.Read(stdin.Reader, 17));
    }

    [Fact]
    public async Task A_closed_stdout_hangs_the_terminal_up()
    {
        pty.AsRaw();
        stdout.CloseReader();
        Task<RelayEnding> relay = Start();
        PipePair.WriteAll(pty.Slave, "nobody reads this"u8);
        Assert.Equal(RelayEnding.HungUp, await relay.WaitAsync(Patience));
        Assert.Empty(PipePair.Read(pty.Slave, 1)); // end of file: tty_hangup
    }

    [Fact]
    public async Task Our_own_terminal_going_away_hangs_the_terminal_up()
    {
        pty.AsRaw();
        using var ours = new PtyPair();
        ours.AsRaw();
        using var relay = new PtyRelay(pty.Master, ours.Slave, ours.Slave);
        Task<RelayEnding> run = InBackground(relay.Run);
        ours.Master.Dispose();
        Assert.Equal(RelayEnding.HungUp, await run.WaitAsync(Patience));
        Assert.Empty(PipePair.Read(pty.Slave, 1));
    }

    [Fact]
    public async Task Stopping_with_a_drain_passes_on_what_was_written_before()
    {
        pty.AsRaw();
        byte[] last = PipePair.Noise(3000, 8);
        using var relay = new PtyRelay(pty.Master, stdin.Reader, stdout.Writer);
        PipePair.WriteAll(pty.Slave, last);
        relay.Stop(drain: true);
        Assert.Equal(RelayEnding.Stopped, await InBackground(relay.Run).WaitAsync(Patience));
        Assert.Equal(last, PipePair.Read(stdout.Reader, last.Length));
    }

    [Fact]
    public async Task Stopping_with_a_grace_passes_on_what_comes_a_moment_later_and_ends_with_the_terminal()
    {
        pty.AsRaw();
        using var relay = new PtyRelay(pty.Master, stdin.Reader, stdout.Writer);
        relay.Stop(drain: true, (int)Patience.TotalMilliseconds * 2);
        Task<RelayEnding> run = InBackground(relay.Run);
        PipePair.WriteAll(pty.Slave, "late"u8);
        Assert.Equal("late"u8, PipePair.Read(stdout.Reader, 4));
        pty.CloseSlave();
        Assert.Equal(RelayEnding.Finished, await run.WaitAsync(Patience));
    }

    [Fact]
    public async Task Stopping_with_a_grace_ends_also_while_somebody_keeps_the_terminal()
    {
        pty.AsRaw();
        using var relay = new PtyRelay(pty.Master, stdin.Reader, stdout.Writer);
        relay.Stop(drain: true, 100);
        Assert.Equal(RelayEnding.Stopped, await InBackground(relay.Run).WaitAsync(Patience));
    }

    [Fact]
    public async Task Stopping_without_a_drain_ends_also_while_nobody_reads_the_output()
    {
        pty.AsRaw();
        using var relay = new PtyRelay(pty.Master, stdin.Reader, stdout.Writer);
        Task<RelayEnding> run = InBackground(relay.Run);
        Task showing = InBackground(() => TerminalCalls.Write(pty.Slave, PipePair.Noise(Megabyte, 9)));
        relay.Stop(drain: true);
        relay.Stop(drain: false);
        Assert.Equal(RelayEnding.Stopped, await run.WaitAsync(Patience));
        pty.Master.Dispose();
        await showing.WaitAsync(Patience);
    }

    [Fact]
    public async Task The_callers_stdin_and_stdout_stay_blocking()
    {
        using var ours = new PtyPair();
        ours.AsRaw();
        using var relay = new PtyRelay(pty.AsRaw().Master, ours.Slave, stdout.Writer);
        Task<RelayEnding> run = InBackground(relay.Run);
        PipePair.WriteAll(pty.Slave, "up and running"u8);
        PipePair.Read(stdout.Reader, 14);
        Assert.Equal(0, LibC.fcntl(ours.Slave, LibC.F_GETFL) & LibC.O_NONBLOCK);
        Assert.Equal(0, LibC.fcntl(stdout.Writer, LibC.F_GETFL) & LibC.O_NONBLOCK);
        relay.Stop(drain: false);
        await run.WaitAsync(Patience);
    }

    [Fact]
    public void Resizing_gives_the_container_the_size_of_our_terminal()
    {
        using var ours = new PtyPair();
        using var relay = new PtyRelay(pty.Master, null, ours.Slave);
        Assert.True(TerminalSize.TrySet(ours.Slave, 33, 111));
        relay.Resize();
        Assert.True(TerminalSize.TryGet(pty.Slave, out int rows, out int columns));
        Assert.Equal((33, 111), (rows, columns));
    }

    [Fact]
    public void The_size_comes_from_stdin_where_stdout_is_no_terminal()
    {
        using var ours = new PtyPair();
        using var relay = new PtyRelay(pty.Master, ours.Slave, stdout.Writer);
        Assert.True(TerminalSize.TrySet(ours.Slave, 12, 34));
        relay.Resize();
        Assert.True(TerminalSize.TryGet(pty.Slave, out int rows, out int columns));
        Assert.Equal((12, 34), (rows, columns));
    }

    [Fact]
    public void Resizing_after_the_end_does_nothing()
    {
        using var ours = new PtyPair();
        using var relay = new PtyRelay(pty.Master, null, ours.Slave);
        pty.Master.Dispose();
        Assert.Null(Record.Exception(relay.Resize));
    }

    public void Dispose()
    {
        pty.Dispose();
        stdin.Dispose();
        stdout.Dispose();
    }

    private Task<RelayEnding> Start() => InBackground(() =>
    {
        using var relay = new PtyRelay(pty.Master, stdin.Reader, stdout.Writer);
        return relay.Run();
    });

    private static Task InBackground(Action act) => Task.Factory.StartNew(act, default, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static Task<T> InBackground<T>(Func<T> act) => Task.Factory.StartNew(act, default, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private unsafe void SetEcho(bool echo)
    {
        termios mode = pty.Mode;
        mode.c_lflag = echo ? mode.c_lflag | LibC.ECHO : mode.c_lflag & ~LibC.ECHO;
        Assert.Equal(0, LibC.tcsetattr(pty.Slave, 0, &mode));
    }
}
