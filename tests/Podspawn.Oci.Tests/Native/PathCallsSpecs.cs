using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Tests.Native;

/// <summary>The kernel ends a path at a NUL: what stands before it must not be opened in the place of what was named.</summary>
public sealed class PathCallsSpecs
{
    private const string Named = "/etc\0/missing";

    [Fact]
    public void A_path_with_a_NUL_leads_nowhere()
    {
        Assert.Null(PathCalls.Open(Named, PathCalls.O_PATH, out int errno));
        Assert.Equal(Errno.EINVAL, errno);
        using SafeFileHandle root = OpenFiles.Open("/", PathCalls.O_PATH | PathCalls.O_DIRECTORY);
        Assert.Null(PathCalls.OpenBelow(root, Named[1..], PathCalls.O_PATH, PathCalls.Resolve.InRoot, out errno));
        Assert.Equal(Errno.EINVAL, errno);
        Assert.Null(FileKind.FactsOf(Named));
        Assert.Null(RealPath.Of(Named));
    }
}
