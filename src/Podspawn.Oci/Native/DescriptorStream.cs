using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>
/// A standard stream by read(2) and write(2). Not Console's: that prepares the terminal for programs that read keys, and writes control sequences to
/// it. Not FileStream: that has its own offset for a regular file which others write to as well.
/// </summary>
/// <param name="file">What it reads and writes, which stays open.</param>
/// <param name="mayBeGone">Whether failed writes are dropped: a note has no reader when stderr is closed, and the launch continues.</param>
internal sealed class DescriptorStream(SafeFileHandle file, bool mayBeGone = false) : Stream
{
    /// <summary>One of our standard streams, or another that our caller has opened.</summary>
    internal DescriptorStream(int fd, bool mayBeGone = false)
        : this(new SafeFileHandle(fd, ownsHandle: false), mayBeGone)
    {
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        int got = TerminalCalls.Read(file, buffer);
        return got >= 0 ? got : throw new IOException(Errno.Text(-got));
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            int put = TerminalCalls.Write(file, buffer);
            if (put < 0 && mayBeGone)
                return;
            if (put < 0)
                throw new IOException(Errno.Text(-put));
            buffer = buffer[put..];
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
