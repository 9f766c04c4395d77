using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Podspawn.Oci.Native;
using Podspawn.Oci.Terminals;
using Tmds.Linux;

namespace Podspawn.Oci.TestSupport;

/// <summary>A command on its own pseudo-terminal, for which we are the keyboard and the screen. Bytes are stored as Latin-1.</summary>
internal sealed class PseudoTerminal : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly int master;
    private readonly Process process;
    private readonly StringBuilder seen = new();
    private readonly SemaphoreSlim news = new(0);
    private readonly Thread reader;

    /// <param name="rows">The terminal's size.</param>
    /// <param name="columns">The terminal's size.</param>
    /// <param name="command">The command line for the shell.</param>
    internal PseudoTerminal(int rows, int columns, string command)
    {
        master = Open(out int number);
        Resize(rows, columns);
        // The leader of a new session that opens a terminal gets it as its controlling one.
        process = Process.Start(new ProcessStartInfo("setsid", ["--wait", "env", "--default-signal", "sh", "-c", $"exec <>/dev/pts/{number} >&0 2>&1; {command}"]))!;
        reader = new Thread(ReadAll) { IsBackground = true };
        reader.Start();
    }

    internal void Resize(int rows, int columns) => Assert.True(TerminalSize.TrySet(master, rows, columns));

    /// <summary>Waits until the screen's text matches, and removes it from there.</summary>
    internal async Task<Match> Expect(string pattern)
    {
        for (DateTime end = DateTime.UtcNow + Patience; ; await news.WaitAsync(TimeSpan.FromMilliseconds(200)))
        {
            lock (seen)
            {
                Match match = Regex.Match(seen.ToString(), pattern, RegexOptions.Singleline);
                if (match.Success)
                {
                    seen.Remove(0, match.Index + match.Length);
                    return match;
                }
                Assert.True(DateTime.UtcNow < end, $"waited for '{pattern}', saw:\n{(seen.Length < 4000 ? seen : seen.ToString(seen.Length - 4000, 4000))}");
            }
        }
    }

    internal Task<Match> Type(string keys, string expected)
    {
        Type(keys);
        return Expect(expected);
    }

    internal void Type(string keys) => Type(Encoding.Latin1.GetBytes(keys));

    /// <summary>Types keys at the pace at which the terminal accepts them.</summary>
    internal void Type(ReadOnlySpan<byte> keys)
    {
        while (keys.Length > 0)
        {
            int put = TerminalCalls.Write(master, keys);
            Assert.True(put > 0, $"typing failed: {-put}");
            keys = keys[put..];
        }
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        process.WaitForExit();
        reader.Join(Patience);
        _ = LibC.close(master);
        process.Dispose();
        news.Dispose();
    }

    private static unsafe int Open(out int number)
    {
        int unlock = 0, slave = 0;
        int fd = OpenFiles.Descriptor("/dev/ptmx", PathCalls.O_RDWR | LibC.O_NOCTTY);
        Assert.True(LibC.ioctl(fd, LibC.TIOCSPTLCK, &unlock) == 0 && LibC.ioctl(fd, LibC.TIOCGPTN, &slave) == 0);
        number = slave;
        return fd;
    }

    // Until the last process has closed the other side (EIO).
    private void ReadAll()
    {
        byte[] buffer = new byte[64 * 1024];
        while (true)
        {
            int got = TerminalCalls.Read(master, buffer);
            // EIO also comes before the command has opened its side.
            if (got == -Errno.EIO && !process.WaitForExit(20))
                continue;
            if (got <= 0)
                return;
            lock (seen)
                seen.Append(Encoding.Latin1.GetString(buffer, 0, got));
            news.Release();
        }
    }
}
