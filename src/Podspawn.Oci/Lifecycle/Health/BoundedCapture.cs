using System.Text;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Lifecycle.Health;

/// <summary>Takes what this process writes to its standard streams for a while: keeps the first bytes, and discards the rest, so that no writer waits.</summary>
/// <param name="most">How many bytes are kept.</param>
internal sealed class BoundedCapture(int most)
{
    private readonly byte[] kept = new byte[most];
    private int length;

    /// <summary>The text that was kept.</summary>
    internal string Text => Encoding.UTF8.GetString(kept, 0, length);

    /// <summary>Runs an action with our streams led here.</summary>
    internal T During<T>(Func<T> action)
    {
        (SafeFileHandle read, SafeFileHandle write) = DescriptorCalls.Pipe();
        Task reading = Task.Factory.StartNew(() => Read(read), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            using SafeFileHandle nothing = NullDevice.Open();
            using (new ChildStreams(nothing, write, write).Lend())
                return action();
        }
        finally
        {
            // With it the last end for writing is closed: the streams are ours again, and no child had them.
            write.Dispose();
            reading.GetAwaiter().GetResult();
        }
    }

    private void Read(SafeFileHandle pipe)
    {
        byte[] buffer = new byte[16 << 10];
        using (pipe)
        {
            for (int got; (got = TerminalCalls.Read(pipe, buffer)) > 0;)
            {
                int taken = Math.Min(got, kept.Length - length);
                buffer.AsSpan(0, taken).CopyTo(kept.AsSpan(length));
                length += taken;
            }
        }
    }
}
