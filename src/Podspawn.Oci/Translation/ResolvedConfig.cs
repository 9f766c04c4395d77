using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Configuration;
using Podspawn.Oci.Hosting;

namespace Podspawn.Oci.Translation;

/// <summary>A config held to every rule that needs no launch, with what the rules made of it.</summary>
internal sealed record ResolvedConfig(
    CapabilitySet Capabilities,
    IReadOnlyList<TmpfsMount> Tmpfs,
    IReadOnlyList<string> MaskedPaths,
    IReadOnlyList<string> ReadonlyPaths)
{
    public static ResolvedConfig Of(PodspawnConfig config, HostFacts host, Findings findings)
    {
        SecurityConfig security = config.Security;
        CapabilitySet capabilities = CapabilityRules.Resolve(security, host, findings);
        PidsRules.Check(security.PidsLimit, findings);
        IReadOnlyList<TmpfsMount> tmpfs = TmpfsRules.Resolve(security.Tmpfs, findings);
        RuntimeNameRules.Check(security.Runtime, findings);
        SeccompRules.Check(security.Seccomp, findings);
        IReadOnlyList<string> masked = PathLists.Masked(security.MaskedPaths, host, findings);
        IReadOnlyList<string> readOnly = PathLists.Readonly(security.ReadonlyPaths, findings);
        CpuRules.Check(config.Defaults.Cpus, findings);
        MemoryRules.Check(config.Defaults.Memory, findings);
        return new ResolvedConfig(capabilities, tmpfs, masked, readOnly);
    }
}
