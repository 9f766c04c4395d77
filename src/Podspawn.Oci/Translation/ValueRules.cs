using Podspawn.Oci.Configuration;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Translation;

/// <summary>The rules of single values that hold on every host.</summary>
internal static class ValueRules
{
    public static void Check(PodspawnConfig config, Diagnostics diagnostics)
    {
        PidsRules.Check(config.Security.PidsLimit, diagnostics);
        RuntimeNameRules.Check(config.Security.Runtime, diagnostics);
        SeccompRules.Check(config.Security.Seccomp, diagnostics);
        DeviceRules.Check(config.Security.Devices, diagnostics);
        NetworkRules.Check(config.Security.Network, diagnostics);
        EgressRules.Check(config.Security.Egress, diagnostics);
        CpuRules.Check(config.Defaults.Cpus, diagnostics);
        MemoryRules.Check(config.Defaults.Memory, diagnostics);
        LifetimeRules.Check(config.Session.MaxLifetime, diagnostics);
    }
}
