using Podspawn.Oci.Verification.Findings;
using Podspawn.Oci.Verification.Reports;

namespace Podspawn.Oci.RuntimeTests.Networks;

/// <summary><c>verify</c> tries the ways around what a container may reach, and notices where they work.</summary>
public class EgressVerifySpecs
{
    private const string Unfenced = """
        import subprocess
        for line in subprocess.run(['nft', 'list', 'tables'], capture_output=True, text=True).stdout.splitlines():
            if 'podspawn_oci_out_' in line: subprocess.run(['nft', 'delete', 'table'] + line.split()[1:])
        """;

    /// <summary>Attacks that work nowhere here, with the reason.</summary>
    internal static IReadOnlyDictionary<string, string> Hopeless { get; } = new Dictionary<string, string>
    {
        ["egress/host_loopback"] = "a network namespace has a loopback device of its own",
        ["egress/other_name_by_stream"] = "the network's own server of names answers by UDP alone",
    };

    private static async Task<NetworkHost> Host()
    {
        NetworkHost host = await NetworkHost.Make();
        // The host is open, so that the policy alone closes it.
        await host.Create("one", "--subnet", "10.7.1.0/24", "--subnet", "fd00:7::/64", "--allow", "host");
        await host.Create("two", "--subnet", "10.7.2.0/24");
        await host.Serve("crun", "alien", "--network", "two");
        await host.ShellOutside("ip addr add 169.254.169.254/32 dev lo && ip -6 addr add fd00:ec2::254/128 dev lo");
        await host.Shell($"ip route add 169.254.169.254 via {NetworkHost.Outside} && ip -6 route add default via {NetworkHost.Outside6}");
        await host.ListenOutside("169.254.169.254", 80, "secrets");
        await host.ListenOutside("fd00:ec2::254", 80, "secrets");
        return host;
    }

    private static async Task<Finding> Verify(NetworkHost host, string runtime, params string[] flags)
    {
        Outcome outcome = await host.Call(["verify", "--format", "json", "--runtime", runtime, "--network", "one", "--only", "egress", .. flags]);
        Assert.True(outcome.Status is 0 or 1, $"exit status {outcome.Status}\n{outcome.Error}");
        return Assert.Single(VerificationJson.Deserialize(outcome.Output).Findings);
    }

    private static string[] Through(Finding finding) =>
        [.. finding.Attacks.Where(attack => attack.Result == AttackResult.Works).Select(attack => $"{finding.Name}/{attack.Name}").Distinct()];

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Every_way_around_is_refused_and_works_without_the_rules(string runtime)
    {
        await using NetworkHost host = await Host();
        string[] flags = ["--egress-allow", "example.org:443", "--cap-add", "NET_RAW"];
        Finding sound = await Verify(host, runtime, flags);
        Assert.Empty(sound.Shortfalls);
        Assert.Equal("nothing but example.org:443", sound.Expectation);
        Assert.Equal(2, sound.Evidence.Count(line => line.EndsWith(": ok", StringComparison.Ordinal)));
        Assert.All(sound.Attacks, attack => Assert.Equal((attack.Name, AttackResult.Refused), (attack.Name, attack.Result)));

        using var saboteur = new Saboteur(runtime, Unfenced);
        Finding broken = await Verify(host, saboteur.Program, flags);
        Assert.Equal(FindingResult.FallsShort, broken.Result);
        Assert.Equal(AttackTable.NamesOf("egress").Select(name => $"egress/{name}").Except(Hopeless.Keys).Order(), Through(broken).Order());
        Assert.Contains(broken.Shortfalls, line => line.Contains("no rules at the host's end", StringComparison.Ordinal));
        await host.Shell("test -z \"$(nft list tables | grep podspawn_oci_out_)\"");
    }

    [Fact]
    public async Task A_container_that_runs_is_looked_at_from_outside()
    {
        await using NetworkHost host = await Host();
        await host.Serve("runc", "x", "--network", "one", "--egress-allow", "example.org:443");
        (await host.Call("verify", "x")).Succeeded();
        await host.Shell("nft list tables | grep podspawn_oci_out_ | while read -r _ family name; do nft delete table $family $name; done");
        Outcome broken = await host.Call("verify", "--only", "egress", "x");
        Assert.Equal(1, broken.Status);
        Assert.Contains("no rules at the host's end of its interfaces", broken.Text, StringComparison.Ordinal);
        (await host.Call("gc")).Succeeded();
        (await host.Call("verify", "--only", "egress", "x")).Succeeded();
        // Without a policy there is nothing to hold.
        await host.Serve("runc", "free", "--network", "one");
        Assert.Contains("everything may be reached", (await host.Call("verify", "--only", "egress", "free")).Succeeded().Text, StringComparison.Ordinal);
    }
}
