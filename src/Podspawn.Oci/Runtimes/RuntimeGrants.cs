using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Spec;

namespace Podspawn.Oci.Runtimes;

/// <summary>The privileges in config.json that a runtime must be told about by a flag as well.</summary>
/// <param name="RawSockets">Whether CAP_NET_RAW is among the capabilities.</param>
/// <param name="NewPrivileges">Whether no_new_privileges is off.</param>
public readonly record struct RuntimeGrants(bool RawSockets, bool NewPrivileges)
{
    /// <summary>Reads them from a spec.</summary>
    internal static RuntimeGrants Of(RuntimeSpec spec) => new(
        spec.Process.Capabilities?.Bounding.Contains(CapabilityNames.SpecName(Capability.NetRaw)) == true,
        !spec.Process.NoNewPrivileges);
}
