using System.Globalization;
using Podspawn.Oci.Networks.Records;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Networks.Egress;

/// <summary>A policy that holds for what a container sends by one of its networks: the container's own, or the network's. Where both are, both hold.</summary>
/// <param name="Key">What tells it from the container's others, in names of nftables.</param>
/// <param name="Rules">What it allows.</param>
internal sealed record HeldPolicy(string Key, IReadOnlyList<EgressRule> Rules)
{
    /// <summary>The names that it allows, each once.</summary>
    internal IReadOnlyList<string> Patterns { get; } = [.. Rules.Select(rule => rule.Pattern).OfType<string>().Distinct()];

    /// <summary>The set of the addresses that a name has been resolved to a moment ago.</summary>
    /// <param name="pattern">The number of the name in <see cref="Patterns"/>.</param>
    /// <param name="family">4 or 6.</param>
    internal string ResolvedSet(int pattern, int family) => string.Create(CultureInfo.InvariantCulture, $"{Key}_{pattern}_{family}");

    /// <summary>The set of those of them that have been connected to since.</summary>
    internal string UsedSet(int pattern, int family) => $"{ResolvedSet(pattern, family)}_used";

    /// <summary>The policies that hold for a connection; none where everything may pass.</summary>
    internal static IReadOnlyList<HeldPolicy> Of(ConnectionRecord record, Connection connection)
    {
        var held = new List<HeldPolicy>();
        if (record.Egress is { } own)
            held.Add(new HeldPolicy("own", own.Allow));
        if (connection.Network.Allow.Count > 0)
            held.Add(new HeldPolicy(connection.Interface, connection.Network.Allow));
        return held;
    }

    /// <summary>The policies that hold for any connection of a container, each once.</summary>
    internal static IEnumerable<HeldPolicy> AllOf(ConnectionRecord record) =>
        record.Connections.SelectMany(connection => Of(record, connection)).DistinctBy(policy => policy.Key);

    /// <summary>The connections of a container whose frames are looked at: those, and all where it may send frames of its own making.</summary>
    internal static IReadOnlyList<Connection> Pinned(ConnectionRecord record) => record.SendsFrames ? record.Connections : Fenced(record);

    /// <summary>The connections of a container that do not let everything pass.</summary>
    internal static IReadOnlyList<Connection> Fenced(ConnectionRecord record) => [.. record.Connections.Where(connection => Of(record, connection).Count > 0)];
}
