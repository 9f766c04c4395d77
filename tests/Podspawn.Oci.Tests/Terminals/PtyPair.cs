using Podspawn.Oci.Terminals;
using Tmds.Linux;

namespace Podspawn.Oci.Tests.Terminals;

/// <summary>A real pseudo-terminal: the master as a runtime would send it, the slave as a program in the container would have it.</summary>
internal sealed unsafe class PtyPair : IDisposable
{
    private bool slaveIsClosed;

    internal PtyPair()
    {
        int master = OpenFiles.Descriptor("/dev/ptmx", LibC.O_RDWR | LibC.O_NOCTTY);
        int unlock = 0;
        int number;
        Assert.Equal(0, LibC.ioctl(master, LibC.TIOCSPTLCK, &unlock));
        Assert.Equal(0, LibC.ioctl(master, LibC.TIOCGPTN, &number));
        Master = new PtyMaster(master);
        Slave = OpenFiles.Descriptor($"/dev/pts/{number}", LibC.O_RDWR | LibC.O_NOCTTY);
    }

    internal PtyMaster Master { get; }

    internal int Slave { get; }

    internal termios Mode
    {
        get
        {
            termios mode;
            Assert.Equal(0, LibC.tcgetattr(Slave, &mode));
            return mode;
        }
    }

    internal bool IsCanonical => (Mode.c_lflag & LibC.ICANON) != 0;

    internal PtyPair AsRaw()
    {
        // Left in raw mode: restoring is for a terminal that is used further.
        _ = new RawMode(Slave);
        return this;
    }

    internal void CloseSlave()
    {
        if (slaveIsClosed)
            return;
        slaveIsClosed = true;
        Assert.Equal(0, LibC.close(Slave));
    }

    public void Dispose()
    {
        CloseSlave();
        Master.Dispose();
    }
}
