using Podspawn.Oci.Host;
using Podspawn.Oci.Text;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Translation;

/// <summary>Kernel parameters of the container's namespaces: those of the host are refused, by docker's list.</summary>
internal static class SysctlRules
{
    private static readonly string[] OfIpc =
        ["kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax", "kernel.shmmni", "kernel.shm_rmid_forced"];

    /// <summary>
    /// The parameters that are asked for, after our own, which allows every group to ping without CAP_NET_RAW. Docker's ip_unprivileged_port_start=0 is left
    /// out: it would make NET_BIND_SERVICE moot. The Sentry has its own network stack and parameters.
    /// </summary>
    public static IReadOnlyDictionary<string, string>? Translate(LaunchRequest request, RuntimeTraits runtime, Diagnostics diagnostics)
    {
        var parameters = new Dictionary<string, string>();
        if (request.Network is NetworkMode.None or NetworkMode.Bridge && runtime.Kernel != SystemCallHandler.Sentry)
            parameters["net.ipv4.ping_group_range"] = "0 2147483647";
        foreach ((string key, string value) in request.Resources.Sysctls)
        {
            // sysctl(8) takes slashes as well; a key with dots and slashes would be another one to a runtime.
            string name = key.Contains('.', StringComparison.Ordinal) ? key : key.Replace('/', '.');
            if (Accepts(name, value, request, runtime, diagnostics))
                parameters[name] = value;
        }
        return parameters.Count == 0 ? null : parameters;
    }

    private static bool Accepts(string name, string value, LaunchRequest request, RuntimeTraits runtime, Diagnostics diagnostics)
    {
        bool ofNetwork = name.StartsWith("net.", StringComparison.Ordinal);
        if (name.Split('.').Any(part => part.Length == 0 || !part.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')) || ContainerPath.HoldsControl(value))
            diagnostics.Refuse(LaunchKeys.Sysctl, $"{Printable.Quote($"{name}={value}")} is no kernel parameter", "write its name with dots, such as net.core.somaxconn=1024");
        else if (name is "kernel.hostname" or "kernel.domainname")
            diagnostics.Refuse(LaunchKeys.Sysctl, $"{name} is no parameter for this", $"name the host with {Errors.Setting.Hostname}");
        else if (!ofNetwork && !OfIpc.Contains(name) && !name.StartsWith("fs.mqueue.", StringComparison.Ordinal))
            diagnostics.Refuse(LaunchKeys.Sysctl, $"{name} is the whole host's, not the container's", $"only net.*, fs.mqueue.*, {string.Join(", ", OfIpc)} are a container's own");
        else if (!ofNetwork && request.Namespaces.IpcOf is { } other)
            diagnostics.Refuse(LaunchKeys.Sysctl, $"{name} would change '{other.Name}', whose shared memory and queues this container uses", "give it to that container");
        else if (ofNetwork && request.Network is not (NetworkMode.None or NetworkMode.Bridge))
        {
            string whose = request.Network == NetworkMode.Host ? "the host's network" : "a network";
            diagnostics.Refuse(LaunchKeys.Sysctl, $"{name} would change {whose}, which this container shares", "leave one of the two away");
        }
        else if (runtime.Kernel != SystemCallHandler.Sentry)
            return true;
        else
            diagnostics.RefuseUnlessWaived(
                LaunchKeys.Sysctl, $"gvisor has kernel parameters of its own, and does not set {name}", request.AllowUnenforced, "leave it away, use another runtime");
        return false;
    }
}
