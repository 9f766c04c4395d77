using Podspawn.Oci.Terminals;
using Tmds.Linux;

namespace Podspawn.Oci.Tests.Terminals;

public sealed class RawModeSpecs : IDisposable
{
    private readonly PtyPair pty = new();

    [Fact]
    public void Raw_mode_passes_every_key_as_a_byte_and_echoes_nothing()
    {
        using var raw = new RawMode(pty.Slave);
        termios mode = pty.Mode;
        Assert.Equal(0u, (uint)(mode.c_lflag & (LibC.ICANON | LibC.ISIG | LibC.ECHO | LibC.IEXTEN)));
        Assert.Equal(0u, (uint)(mode.c_iflag & (LibC.ICRNL | LibC.IXON)));
        Assert.Equal(0u, (uint)(mode.c_oflag & LibC.OPOST));
        byte[] keys = [3, 26, 28, 17, 19, 4, 13, 127, 255, 0];
        PipePair.WriteAll(pty.Master.Descriptor, keys);
        Assert.Equal(keys, PipePair.Read(pty.Slave, keys.Length));
    }

    [Fact]
    public void Disposing_restores_every_flag_and_can_be_done_twice()
    {
        termios before = pty.Mode;
        var raw = new RawMode(pty.Slave);
        Assert.False(pty.IsCanonical);
        raw.Dispose();
        raw.Dispose();
        Assert.Equal(Flags(before), Flags(pty.Mode));
    }

    [Fact]
    public void Raw_mode_comes_back_after_the_shell_has_changed_the_mode()
    {
        termios before = pty.Mode;
        using var raw = new RawMode(pty.Slave);
        SetMode(before);
        Assert.True(pty.IsCanonical);
        raw.Set();
        Assert.False(pty.IsCanonical);
        raw.Dispose();
        Assert.Equal(Flags(before), Flags(pty.Mode));
    }

    [Fact]
    public void What_is_restored_is_the_mode_from_before_the_latest_raw_mode()
    {
        using var raw = new RawMode(pty.Slave);
        raw.Restore();
        termios changed = pty.Mode;
        changed.c_lflag &= ~LibC.ECHO;
        SetMode(changed);
        raw.Set();
        raw.Dispose();
        Assert.Equal(Flags(changed), Flags(pty.Mode));
    }

    [Fact]
    public void A_disposed_raw_mode_does_not_come_back()
    {
        var raw = new RawMode(pty.Slave);
        raw.Dispose();
        raw.Set();
        Assert.True(pty.IsCanonical);
    }

    [Fact]
    public void A_terminal_that_is_gone_is_no_error()
    {
        var raw = new RawMode(pty.Slave);
        pty.Master.Dispose();
        Assert.Null(Record.Exception(raw.Set));
        Assert.Null(Record.Exception(raw.Dispose));
    }

    [Fact]
    public void A_pipe_is_refused()
    {
        using var pipe = new PipePair();
        Assert.Contains("no terminal", Assert.Throws<TerminalException>(() => new RawMode(pipe.Reader)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => pty.Dispose();

    private static (uint Input, uint Output, uint Control, uint Local) Flags(termios mode) =>
        ((uint)mode.c_iflag, (uint)mode.c_oflag, (uint)mode.c_cflag, (uint)mode.c_lflag);

    private unsafe void SetMode(termios mode) => Assert.Equal(0, LibC.tcsetattr(pty.Slave, 0, &mode));
}
