using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Configuration;
using Podspawn.Oci.Host;
using Podspawn.Oci.Text;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Translation;

/// <summary>What a container may reach: the form of the rules, and whether they can be enforced for a launch.</summary>
internal static class EgressRules
{
    /// <summary>Checks the values of <c>security.egress</c>.</summary>
    public static void Check(EgressConfig? config, Diagnostics diagnostics)
    {
        if (config is null)
            return;
        if (config.Default is not (EgressConfig.Deny or EgressConfig.Any))
            diagnostics.Refuse(Keys.EgressDefault, $"{Printable.Quote(config.Default)} is neither {EgressConfig.Deny} nor {EgressConfig.Any}", $"write {EgressConfig.Deny}");
        for (int i = 0; i < config.Allow.Count; i++)
        {
            if (EgressRule.Read(config.Allow[i], out string why) is null)
                diagnostics.Refuse(Keys.Element(Keys.EgressAllow, i), why, EgressRule.Examples);
        }
        if (config is { Denies: false, Allow.Count: > 0 })
            diagnostics.Refuse(Keys.EgressAllow, $"with default: {EgressConfig.Any} the rules change nothing", $"write default: {EgressConfig.Deny}, or leave them away");
    }

    /// <summary>Checks whether the rules can be enforced for a launch, and tells by whom.</summary>
    public static void Check(EgressConfig? config, LaunchRequest request, CapabilitySet capabilities, RuntimeTraits runtime, Diagnostics diagnostics)
    {
        if (config is not { Denies: true })
            return;
        switch (request.Network)
        {
            // The other end of its interface gives it a name for the host's network namespace (ip-link(8), link-netnsid), in which it has the same rights.
            case NetworkMode.Bridge when runtime.Kernel == SystemCallHandler.Host && capabilities.Contains(Capability.NetAdmin):
                Refuse("with NET_ADMIN it makes interfaces on those of the host, past every rule", "take NET_ADMIN away, or use runsc");
                break;
            case NetworkMode.Bridge:
                diagnostics.Inform(Keys.Egress, config.Allow.Count == 0
                    ? "nftables on the host's side of its interfaces refuses whatever it begins"
                    : "nftables on the host's side of its interfaces refuses the rest, and dnsmasq on the host resolves for it the names that it may reach, and no other");
                break;
            case NetworkMode.Host:
                Refuse("the host's network is not behind an interface of the container's own", "use a network of network create");
                break;
            case NetworkMode.Container:
                Refuse($"the network is that of '{request.Namespaces.NetworkOf?.Name}', whose own rules hold", "give the rules to that container");
                break;
            case NetworkMode.Path:
                Refuse("somebody else made the network, and leads it where he wants", "use a network of network create");
                break;
        }

        void Refuse(string why, string hint) => diagnostics.RefuseUnlessWaived(Keys.Egress, why, request.AllowUnenforced, hint);
    }
}
