using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>
/// The standard streams for a child. Never ours: a container's process owns the inode behind each descriptor that it holds, and can open it again
/// with other rights through /proc/self/fd (proc(5)).
/// </summary>
/// <param name="Input">Its stdin.</param>
/// <param name="Output">Its stdout.</param>
/// <param name="Error">Its stderr.</param>
internal sealed record ChildStreams(SafeFileHandle Input, SafeFileHandle Output, SafeFileHandle Error) : IDisposable
{
    /// <summary>Streams on a new null device for this child: it reads nothing, and its output is discarded.</summary>
    /// <exception cref="IOException">The kernel refuses.</exception>
    internal static ChildStreams Null()
    {
        SafeFileHandle nothing = NullDevice.Open();
        return new ChildStreams(nothing, nothing, nothing);
    }

    /// <summary>Replaces our own streams by them, for children that are started until the returned value is disposed of.</summary>
    internal IDisposable Lend() => new Loan(this);

    /// <summary>Closes our descriptors of the streams.</summary>
    public void Dispose()
    {
        Input.Dispose();
        Output.Dispose();
        Error.Dispose();
    }

    private sealed class Loan : IDisposable
    {
        private readonly SafeFileHandle[] before = [DescriptorCalls.Duplicate(0), DescriptorCalls.Duplicate(1), DescriptorCalls.Duplicate(2)];

        internal Loan(ChildStreams streams)
        {
            DescriptorCalls.Replace(0, streams.Input);
            DescriptorCalls.Replace(1, streams.Output);
            DescriptorCalls.Replace(2, streams.Error);
        }

        public void Dispose()
        {
            for (int fd = 0; fd < before.Length; fd++)
            {
                DescriptorCalls.Replace(fd, before[fd]);
                before[fd].Dispose();
            }
        }
    }
}
