using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Configuration;
using Podspawn.Oci.Host;
using Podspawn.Oci.Translation.Requests;
using Podspawn.Oci.Translation.Tmpfs;

namespace Podspawn.Oci.Translation;

/// <summary>A config checked by every rule that needs no launch, with the rules' results.</summary>
internal sealed record ResolvedConfig(
    CapabilitySet Capabilities,
    IReadOnlyList<TmpfsMount> Tmpfs,
    IReadOnlyList<string> MaskedPaths,
    IReadOnlyList<string> ReadonlyPaths)
{
    public static ResolvedConfig Of(PodspawnConfig config, HostFacts host, Diagnostics diagnostics)
    {
        SecurityConfig security = config.Security;
        CapabilitySet capabilities = CapabilityRules.Resolve(security, host, diagnostics);
        IReadOnlyList<TmpfsMount> tmpfs = TmpfsRules.Resolve(security.Tmpfs, diagnostics);
        IReadOnlyList<string> masked = PathLists.Masked(security.MaskedPaths, host, diagnostics);
        IReadOnlyList<string> readOnly = PathLists.Readonly(security.ReadonlyPaths, diagnostics);
        ValueRules.Check(config, diagnostics);
        return new ResolvedConfig(capabilities, tmpfs, masked, readOnly);
    }
}
