using Podspawn.Oci.Networks.Egress;
using Podspawn.Oci.Networks.Records;
using Podspawn.Oci.Networks.Tools;
using Podspawn.Oci.State;
using Podspawn.Oci.Verification.Observation;

namespace Podspawn.Oci.Verification.Probing;

/// <summary>Looks at what stands on the host between a container and what it may not reach.</summary>
internal static class FenceLook
{
    /// <summary>What stands there; null where the container is on no network of ours.</summary>
    internal static FenceReport? At(ContainerPaths paths) => ConnectionRecord.Read(paths.Network) is not { } record ? null
        : new FenceReport(EgressFence.HasRules(record, Nft.Tables()), record.NamesPort > 0, NameServer.IsRunning(paths));
}
