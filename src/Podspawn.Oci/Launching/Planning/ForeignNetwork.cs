using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Launching.Planning;

/// <summary>A network namespace that somebody has mounted at a path of the host, as ip-netns(8) does.</summary>
internal static class ForeignNetwork
{
    /// <summary>Requires that there is one at a path, which is not the host's own, and returns the path in full.</summary>
    /// <exception cref="ContainerException">There is none, or it is the host's.</exception>
    internal static string Require(string path)
    {
        Open(path).Dispose();
        return Path.GetFullPath(path);
    }

    /// <summary>Mounts it at a path of ours, for the runtime to join.</summary>
    /// <exception cref="ContainerException">There is none any more, or it is the host's.</exception>
    internal static void Mount(string path, string place, RuntimeDriver driver)
    {
        using SafeFileHandle space = Open(path);
        NetworkSpace.Mount(space, place);
        RuntimeInvoker.PrepareNetwork(driver, space);
    }

    // Checked on what is open: the path may come to mean another one.
    private static SafeFileHandle Open(string path)
    {
        SafeFileHandle space = NetworkSpace.Open(path)
            ?? throw new ContainerException($"{Setting.Network}: there is no network namespace at {Printable.Quote(path)}; make one first: ip netns add NAME, at /run/netns/NAME");
        if (!NetworkSpace.IsOwn(space))
            return space;
        space.Dispose();
        throw new ContainerException($"{Setting.Network}: {Printable.Quote(path)} is the host's own network namespace; write {Setting.Network} host, if that is meant");
    }
}
