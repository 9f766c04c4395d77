namespace Podspawn.Oci.Verification.Observation;

/// <summary>What stands on the host between a container and what it may not reach.</summary>
/// <param name="HasRules">Whether the rules of nftables are there.</param>
/// <param name="NeedsNames">Whether it may reach something by its name.</param>
/// <param name="HasNames">Whether its own server of names runs.</param>
internal sealed record FenceReport(bool HasRules, bool NeedsNames, bool HasNames);
