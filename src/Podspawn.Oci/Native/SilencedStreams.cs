using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>
/// Puts /dev/null in the place of our standard streams, for a child that stays when we are gone: whoever reads our output to its end would wait for
/// that child. Puts back what was there when disposed of.
/// </summary>
internal sealed class SilencedStreams : IDisposable
{
    private readonly SafeFileHandle[] before = [DescriptorCalls.Duplicate(0), DescriptorCalls.Duplicate(1), DescriptorCalls.Duplicate(2)];

    internal SilencedStreams()
    {
        using var nothing = new SafeFileHandle(PathCalls.Open("/dev/null", PathCalls.O_RDWR | PathCalls.O_CLOEXEC), ownsHandle: true);
        if (nothing.IsInvalid)
            throw new IOException("cannot open /dev/null; mend the host's /dev");
        for (int fd = 0; fd < before.Length; fd++)
            DescriptorCalls.Replace(fd, nothing);
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
