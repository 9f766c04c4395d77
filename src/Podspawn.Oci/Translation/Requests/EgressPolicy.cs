using Podspawn.Oci.Configuration;

namespace Podspawn.Oci.Translation.Requests;

/// <summary>What a container may reach by its networks; all else is refused.</summary>
/// <param name="Allow">What it may reach; empty for nothing.</param>
public sealed record EgressPolicy(IReadOnlyList<EgressRule> Allow)
{
    /// <summary>The policy of a config, whose rules have been checked; null where it lets everything pass.</summary>
    internal static EgressPolicy? Of(EgressConfig? config) => config is { Denies: true } ? Of(config.Allow) : null;

    /// <summary>The policy of rules, which have been checked.</summary>
    /// <exception cref="FormatException">One is none.</exception>
    internal static EgressPolicy Of(IReadOnlyList<string> rules) => new([.. rules.Select(rule => EgressRule.Read(rule, out string why) ?? throw new FormatException(why))]);
}
