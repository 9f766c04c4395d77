using System.Globalization;
using Podspawn.Oci.Verification.Expectations;
using Podspawn.Oci.Verification.Observation;

namespace Podspawn.Oci.Verification.Checks;

/// <summary>What a container reaches by its networks: what is allowed, and by what the rest is kept from it.</summary>
internal static class EgressCheck
{
    public static string Asked(Expectation expectation) => !expectation.IsConnected ? "it is on no network"
        : expectation.Egress is not { } allow ? "everything may be reached"
        : allow.Count == 0 ? "nothing" : $"nothing but {string.Join(", ", allow)}";

    public static void Run(Expectation expectation, Evidence evidence, FindingDraft draft)
    {
        if (evidence.Outside is null)
            draft.Unseen("outside, its networks", evidence.End);
        if (!expectation.IsConnected || expectation.Egress is null)
            return;
        if (evidence.Fence is not { } fence)
        {
            draft.Unseen("outside, what closes it off", evidence.End);
            return;
        }
        draft.Expect(fence.HasRules, $"outside: {(fence.HasRules ? "" : "no ")}rules at the host's end of its interfaces", "rules that refuse the rest");
        if (fence.NeedsNames)
            draft.Expect(fence.HasNames, $"outside: {(fence.HasNames ? "a" : "no")} server of names of its own", "one that resolves what is allowed");
        if (evidence.Inside is not { } inside || expectation.Ways is not { } ways)
            return;
        foreach ((string host, int port) in Allowed(ways))
        {
            string? outcome = inside.Word("way", host, port.ToString(CultureInfo.InvariantCulture));
            if (outcome is null)
                draft.Unseen($"inside, whether it reaches {host}", evidence.End);
            else
                draft.Expect(outcome == "ok", string.Create(CultureInfo.InvariantCulture, $"inside: {host} port {port}: {outcome}"), "an answer, since it is allowed");
        }
    }

    /// <summary>What is allowed for the time of a verification.</summary>
    public static IEnumerable<(string Host, int Port)> Allowed(EgressWays ways) =>
        new (string Host, int Port)[] { (ways.Neighbour, ways.OpenPort), (ways.NeighbourName, ways.NamedPort) }.Where(way => way.Port > 0);
}
