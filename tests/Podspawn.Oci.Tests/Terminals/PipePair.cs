using Podspawn.Oci.Native;
using Tmds.Linux;

namespace Podspawn.Oci.Tests.Terminals;

/// <summary>A real pipe, and reading and writing that go on to the end.</summary>
internal sealed unsafe class PipePair : IDisposable
{
    private bool readerIsClosed;
    private bool writerIsClosed;

    internal PipePair()
    {
        int* ends = stackalloc int[2];
        Assert.Equal(0, LibC.pipe2(ends, LibC.O_CLOEXEC));
        (Reader, Writer) = (ends[0], ends[1]);
    }

    internal int Reader { get; }

    internal int Writer { get; }

    internal static byte[] Noise(int length, int seed)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    internal static void WriteAll(int fd, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int put = TerminalCalls.Write(fd, bytes);
            Assert.True(put > 0, $"write: {put}");
            bytes = bytes[put..];
        }
    }

    /// <summary>Reads this many bytes, or fewer when the end comes before; at most <paramref name="piece"/> at a time.</summary>
    internal static byte[] Read(int fd, int length, int piece = 64 * 1024)
    {
        byte[] bytes = new byte[length];
        int have = 0;
        while (have < length)
        {
            int got = TerminalCalls.Read(fd, bytes.AsSpan(have, Math.Min(piece, length - have)));
            if (got <= 0)
                break;
            have += got;
        }
        return bytes[..have];
    }

    internal void CloseReader()
    {
        if (!readerIsClosed)
            Assert.Equal(0, LibC.close(Reader));
        readerIsClosed = true;
    }

    internal void CloseWriter()
    {
        if (!writerIsClosed)
            Assert.Equal(0, LibC.close(Writer));
        writerIsClosed = true;
    }

    public void Dispose()
    {
        CloseReader();
        CloseWriter();
    }
}
