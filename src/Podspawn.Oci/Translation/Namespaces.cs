using Podspawn.Oci.Host;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Translation;

/// <summary>The container's own namespaces, and the kernel parameters that go with them.</summary>
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

    /// <summary>
    /// Allows every group to ping without CAP_NET_RAW. Docker's ip_unprivileged_port_start=0 is left out: it would make NET_BIND_SERVICE moot. The
    /// Sentry has its own network stack and parameters.
    /// </summary>
    public static IReadOnlyDictionary<string, string>? Sysctls(LaunchRequest request, RuntimeTraits runtime) =>
        request.Network == NetworkMode.Host || runtime.Kernel == SystemCallHandler.Sentry
            ? null
            : new Dictionary<string, string> { ["net.ipv4.ping_group_range"] = "0 2147483647" };
}
