using Podspawn.Oci.Networks.Records;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Networks.Egress;

/// <summary>The names that are resolved for a container, and the sets of nftables that the answers go to. Pure.</summary>
internal static class ResolvableNames
{
    /// <summary>The names that every policy of one of its connections allows: no other is even asked for, since a question can carry a message.</summary>
    internal static IReadOnlyList<string> Of(ConnectionRecord record)
    {
        var found = new List<string>();
        foreach (Connection connection in record.Connections)
        {
            IReadOnlyList<HeldPolicy> held = HeldPolicy.Of(record, connection);
            found.AddRange(held.SelectMany(policy => policy.Patterns).Where(name => held.All(policy => policy.Patterns.Any(pattern => EgressRule.Covers(pattern, name)))));
        }
        return [.. found.Distinct()];
    }

    /// <summary>
    /// The sets that the answers for a name go to, by dnsmasq's words: those of every rule that allows it. dnsmasq takes one list for a name and all that is
    /// below it.
    /// </summary>
    internal static IReadOnlyList<string> SetsOf(ConnectionRecord record, string table, string domain)
    {
        var sets = new List<string>();
        foreach (HeldPolicy policy in HeldPolicy.AllOf(record))
        {
            for (int i = 0; i < policy.Patterns.Count; i++)
            {
                string pattern = policy.Patterns[i];
                if (!EgressRule.FormsOf(pattern).Any(form => EgressRule.Covers(form, domain) || EgressRule.Covers(form, $"*.{domain}")))
                    continue;
                sets.Add($"4#inet#{table}#{policy.ResolvedSet(i, 4)}");
                sets.Add($"6#inet#{table}#{policy.ResolvedSet(i, 6)}");
            }
        }
        return sets;
    }
}
