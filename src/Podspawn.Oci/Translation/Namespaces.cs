using Podspawn.Oci.Host;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Translation;

/// <summary>The container's own namespaces.</summary>
internal static class Namespaces
{
    private static readonly Version FirstWithCgroupNamespace = new(4, 6);

    public static IReadOnlyList<LinuxNamespace> For(LaunchRequest request, HostFacts host)
    {
        List<LinuxNamespace> namespaces = [new("pid"), new("ipc"), new("uts"), new("mount")];
        if (request.Network != NetworkMode.Host)
            namespaces.Add(new LinuxNamespace("network"));
        if (host.Kernel >= FirstWithCgroupNamespace && host.CgroupLayout != CgroupLayout.None)
            namespaces.Add(new LinuxNamespace("cgroup"));
        return namespaces;
    }
}
