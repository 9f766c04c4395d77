using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Configuration;
using Podspawn.Oci.Host;
using Podspawn.Oci.Text;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Translation;

/// <summary>What may be named as a network, and whether a runtime can join it.</summary>
internal static class NetworkRules
{
    private const int LongestName = 128;

    // What these mean where a launch names them is no network of the store.
    private static readonly string[] Reserved = ["none", "host", "bridge", "default", "private", "container", "ns", "pasta", "slirp4netns"];

    /// <summary>Whether a word stands for something else than a network of the store.</summary>
    internal static bool IsReserved(string name) => Reserved.Contains(name);

    /// <summary>Whether a text is a network's name, by podman's rule <c>^[a-zA-Z0-9][a-zA-Z0-9_.-]*$</c>.</summary>
    internal static bool IsName(string name) => name.Length is > 0 and <= LongestName && char.IsAsciiLetterOrDigit(name[0])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-') && !IsReserved(name);

    /// <summary>Checks the form of <c>security.network</c>. Whether there is such a network is seen at the launch.</summary>
    public static void Check(string text, Diagnostics diagnostics)
    {
        foreach (string word in text.Split(' '))
        {
            string[] parts = word.Split(':', 2);
            if (parts is ["none" or "host"] or ["container" or "ns", { Length: > 0 }] || parts[0].Split(',').All(name => IsName(name) || IsReserved(name)))
                continue;
            diagnostics.Refuse(Keys.Network, $"{Printable.Quote(word)} is no network", "write none, host, or a network's name, such as web");
        }
    }

    /// <summary>Checks whether a launch can join what it names, and tells what that opens.</summary>
    public static void Check(LaunchRequest request, CapabilitySet capabilities, RuntimeTraits runtime, Diagnostics diagnostics)
    {
        if (request.Network == NetworkMode.Container)
        {
            string name = request.Namespaces.NetworkOf!.Name;
            if (runtime.Kernel == SystemCallHandler.Sentry)
                diagnostics.Refuse(Keys.Network, "gvisor has a network stack of its own, and joins none of another container's", "use another runtime for both");
            else
                diagnostics.Inform(Keys.Network, $"it shares addresses, ports and loopback with '{name}': each reaches what the other serves to itself alone");
            if (capabilities.Contains(Capability.NetAdmin))
                diagnostics.Warn(Keys.Network, $"with NET_ADMIN it changes the network of '{name}'");
        }
        if (request.Network == NetworkMode.Bridge && runtime.Kernel == SystemCallHandler.Host && capabilities.Contains(Capability.NetAdmin))
            diagnostics.Warn(Keys.Network, "with NET_ADMIN it makes interfaces on those of the host: nothing of the host's networks is closed to it");
        if (request.Network == NetworkMode.Path && runtime.Kernel == SystemCallHandler.Sentry)
            diagnostics.Differs(Keys.Network, "gvisor takes the addresses of the interfaces there for itself: they are gone from the namespace afterwards");
        if (request.Network == NetworkMode.Path)
            diagnostics.Inform(Keys.Network, $"{Printable.Clean(request.NetworkPath!)} was made by somebody else, and nothing here closes it off");
    }
}
