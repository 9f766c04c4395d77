using Podspawn.Oci.Terminals;

namespace Podspawn.Oci.Tests.Terminals;

public sealed class TerminalSizeSpecs
{
    [Fact]
    public void A_size_that_was_set_is_the_size_on_the_other_side()
    {
        using var pty = new PtyPair();
        Assert.True(TerminalSize.TrySet(pty.Master.Descriptor, 40, 132));
        Assert.True(TerminalSize.TryGet(pty.Slave, out int rows, out int columns));
        Assert.Equal((40, 132), (rows, columns));
    }

    [Fact]
    public void A_terminal_that_knows_no_size_has_none()
    {
        using var pty = new PtyPair();
        Assert.False(TerminalSize.TryGet(pty.Slave, out int rows, out int columns));
        Assert.Equal((0, 0), (rows, columns));
    }

    [Fact]
    public void A_pipe_is_no_terminal_and_has_no_size()
    {
        using var pipe = new PipePair();
        Assert.False(TerminalSize.IsTerminal(pipe.Reader));
        Assert.False(TerminalSize.TryGet(pipe.Reader, out _, out _));
        Assert.False(TerminalSize.TrySet(pipe.Reader, 1, 1));
    }

    [Fact]
    public void A_pseudo_terminal_is_a_terminal()
    {
        using var pty = new PtyPair();
        Assert.True(TerminalSize.IsTerminal(pty.Slave));
    }
}
