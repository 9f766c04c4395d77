using Podspawn.Oci.Host;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Translation;

/// <summary>The container's namespaces: its own, and those of another that it joins.</summary>
internal static class Namespaces
{
    private static readonly Version FirstWithCgroupNamespace = new(4, 6);

    public static IReadOnlyList<LinuxNamespace> For(LaunchRequest request, HostFacts host)
    {
        SharedNamespaces shared = request.Namespaces;
        List<LinuxNamespace> namespaces =
        [
            new("pid", shared.PidOf is null ? null : shared.PidPath), new("ipc", shared.IpcOf is null ? null : shared.IpcPath), new("uts"), new("mount"),
        ];
        if (request.Network != NetworkMode.Host)
            namespaces.Add(new LinuxNamespace("network", request.Network == NetworkMode.None ? null : shared.NetworkPath));
        if (host.Kernel >= FirstWithCgroupNamespace && host.CgroupLayout != CgroupLayout.None)
            namespaces.Add(new LinuxNamespace("cgroup"));
        return namespaces;
    }
}
