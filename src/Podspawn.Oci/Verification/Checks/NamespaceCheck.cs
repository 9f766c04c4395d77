using Podspawn.Oci.Verification.Expectations;
using Podspawn.Oci.Verification.Observation;

namespace Podspawn.Oci.Verification.Checks;

/// <summary>The container's own namespaces (namespaces(7)).</summary>
internal static class NamespaceCheck
{
    // gVisor itself numbers processes and groups them.
    private static readonly string[] SentrysOwn = ["pid", "cgroup"];

    public static void Run(Expectation expectation, Evidence evidence, FindingDraft draft)
    {
        if (evidence.Outside is { Namespaces.Count: > 0 } outside)
            FromOutside(expectation, outside, evidence, draft);
        else
            draft.Unseen("outside, the namespaces", evidence.End);
        if (evidence.Inside is { } inside)
            FromInside(expectation, inside, evidence, draft);
    }

    // Under gVisor the host sees the sandbox's process: what that can reach is what a break-out could.
    private static void FromOutside(Expectation expectation, HostReport outside, Evidence evidence, FindingDraft draft)
    {
        var own = new List<string>();
        var shared = new List<string>();
        foreach ((string name, string identity) in outside.Namespaces.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            (evidence.HostNamespaces.GetValueOrDefault(name) == identity ? shared : own).Add(name);
        draft.Saw($"outside: its own {string.Join(' ', own)}");
        draft.Saw($"outside: the host's {string.Join(' ', shared)}");
        foreach (string name in expectation.Joined)
        {
            draft.Saw($"outside: it joins another container's {name} namespace");
            if (!own.Contains(name))
                draft.Short(shared.Contains(name) ? $"its {name} namespace is the host's, not another container's" : $"its {name} namespace was not to be seen");
        }
        foreach (string name in expectation.Namespaces.Where(name => !own.Contains(name)))
        {
            if (expectation.OnSentry && SentrysOwn.Contains(name) && shared.Contains(name))
                draft.Differs($"the sandbox's own process is in the host's {name} namespace; what runs in it sees gVisor's own");
            else
                draft.Short(shared.Contains(name) ? $"its {name} namespace is the host's" : $"its {name} namespace was not to be seen");
        }
    }

    private static void FromInside(Expectation expectation, ProbeReport inside, Evidence evidence, FindingDraft draft)
    {
        string? pid = inside.Word("self", "pid"), name = inside.Word("host_name");
        if (name is null)
        {
            draft.Unseen("inside, the host name", evidence.End);
            return;
        }
        draft.Expect(pid == "1", $"inside: process {pid}", "process 1");
        draft.Saw($"inside: {inside.Word("processes", "seen")} processes to be seen in /proc");
        draft.Expect(expectation.HostName is null || name == expectation.HostName, $"inside: {(name.Length == 0 ? "no host name" : $"host name {name}")}",
            $"{expectation.HostName}");
        string[] interfaces = [.. inside.All("interface").Select(fields => fields[0])];
        string told = inside.Word("interfaces") is "ok" ? string.Join(' ', interfaces) : $"({inside.Word("interfaces")})";
        draft.Saw($"inside: network interfaces {told}");
        // The kernel's tunnel devices exist in every network namespace and lead nowhere; an address of the host does lead somewhere.
        bool leadsOut = interfaces.Any(item => item.StartsWith("eth", StringComparison.Ordinal) || item.StartsWith("en", StringComparison.Ordinal));
        if (expectation.Namespaces.Contains("net") && !expectation.IsConnected && leadsOut)
            draft.Short($"the network interfaces {told} are there, asked for a network without any");
    }
}
