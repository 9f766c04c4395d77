using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Verification.Probing;

/// <summary>Puts pipes in the place of our stdin and stdout, for the runtime to inherit, and later puts back what was there.</summary>
internal sealed class StandardStreamSwap : IDisposable
{
    private readonly SafeFileHandle input = DescriptorCalls.Duplicate(0);
    private readonly SafeFileHandle output = DescriptorCalls.Duplicate(1);
    private bool swapped;

    public StandardStreamSwap()
    {
        (SafeFileHandle inputEnd, Go) = DescriptorCalls.Pipe();
        (Results, SafeFileHandle outputEnd) = DescriptorCalls.Pipe();
        using (inputEnd)
        using (outputEnd)
        {
            DescriptorCalls.Replace(0, inputEnd);
            swapped = true;
            DescriptorCalls.Replace(1, outputEnd);
        }
    }

    /// <summary>Closing it ends the container's stdin.</summary>
    public SafeFileHandle Go { get; }

    /// <summary>What the container writes to its stdout.</summary>
    public SafeFileHandle Results { get; }

    /// <summary>Puts back what was there: <see cref="Results"/> then ends with the container's last process.</summary>
    public void Restore()
    {
        if (!swapped)
            return;
        DescriptorCalls.Replace(0, input);
        DescriptorCalls.Replace(1, output);
        swapped = false;
        Go.Dispose();
    }

    public void Dispose()
    {
        Restore();
        input.Dispose();
        output.Dispose();
        Results.Dispose();
    }
}
