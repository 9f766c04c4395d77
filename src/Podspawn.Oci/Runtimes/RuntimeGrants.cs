using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Spec;

namespace Podspawn.Oci.Runtimes;

/// <summary>What config.json grants that a runtime wants to be told by a flag as well.</summary>
/// <param name="RawSockets">Whether CAP_NET_RAW is among the capabilities.</param>
/// <param name="NewPrivileges">Whether no_new_privileges is off.</param>
public readonly record struct RuntimeGrants(bool RawSockets, bool NewPrivileges)
{
    /// <summary>What a spec grants.</summary>
    internal static RuntimeGrants Of(RuntimeSpec spec) => new(
        spec.Process.Capabilities?.Bounding.Contains(CapabilityNames.SpecName(Capability.NetRaw)) == true,
        !spec.Process.NoNewPrivileges);
}
