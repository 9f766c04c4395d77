using System.Diagnostics;

namespace Podspawn.Oci.Benchmarks;

/// <summary>
/// The cost of a network: a foreground run on one against a run on none and netavark's own set-up and tear-down of the same, in turns; containers one after the
/// other on one network; and the throughput of iperf3 from one container to another and to the host, against podman's, in turns.
/// </summary>
internal sealed class NetworkBench(string command, string rootfs, string work, int runs)
{
    private const double RunCeiling = 1.1;
    private const double GrowthCeiling = 1.1;
    private const double ThroughputFloor = 0.95;
    private const int Containers = 50;
    private const int WarmUps = 2;
    private const string Block = "10.213.7.0/24", Other = "10.214.7.0/24";

    private readonly string name = $"bench{Environment.ProcessId}";

    private string Request => Path.Combine(work, "netavark.json");

    private string Call => $"/usr/lib/podman/netavark --config {Path.Combine(work, "netavark")} --aardvark-binary /usr/lib/podman/aardvark-dns";

    internal bool Measure(string runtime)
    {
        Tool.Run(command, ["network", "create", "--subnet", Block, name]);
        try
        {
            // One stays, so that neither makes the bridge or starts the server of names.
            Tool.Run(command, ["run", "--detach", "--name", $"{name}-stays", "--network", name, "--rootfs", rootfs, "--", "/bin/sleep", "1000"]);
            return Runs(runtime) & Growth(runtime) & (runtime == "runsc" || Throughput(runtime));
        }
        finally
        {
            Tool.Try("sh", ["-c", $"{Call} teardown /run/netns/{name}-stays <{Request}.stays; ip netns del {name}-stays"]);
            Tool.Run(command, ["network", "rm", "--force", name]);
        }
    }

    private bool Runs(string runtime)
    {
        Contender Run(string network) => new($"run --network {network}", command, ["run", "--quiet", "--runtime", runtime, "--network", network, "--rootfs", rootfs, "--", "/bin/true"]);
        Contender none = Run("none"), ours = Run(name), netavark = Netavark();
        List<double> ratios = [], times = [], bare = [], tools = [];
        for (int i = -WarmUps; i < runs; i++)
        {
            double without = none.Time(), with = ours.Time(), alone = netavark.Time();
            if (i < 0)
                continue;
            ratios.Add((with - without) / alone);
            times.Add(with);
            bare.Add(without);
            tools.Add(alone);
        }
        double ratio = Statistics.Median(ratios);
        Statistics.Print($"{runtime,-6} run on a network {Statistics.Median(times),6:F1} ms, on none {Statistics.Median(bare),6:F1} ms, netavark alone {Statistics.Median(tools),6:F1} ms   ratio {ratio:F2} (at most {RunCeiling:F1}; spread {ratios.Min():F2} to {ratios.Max():F2})");
        return ratio <= RunCeiling;
    }

    // What a foreground run asks of netavark, on a network of the same kind with another member.
    private Contender Netavark()
    {
        string script = Path.Combine(work, "netavark.sh");
        Directory.CreateDirectory(Path.Combine(work, "netavark"));
        string Of(string id, string address) => $$"""
            {"container_id":"{{id}}","container_name":"{{id}}","networks":{"benchnet":{"interface_name":"eth0","static_ips":["{{address}}"],"aliases":["{{id}}"]} },
            "network_info":{"benchnet":{"name":"benchnet","id":"{{new string('b', 64)}}","driver":"bridge","network_interface":"benchbr0",
            "subnets":[{"subnet":"{{Other}}","gateway":"10.214.7.1"}],"ipv6_enabled":false,"internal":false,"dns_enabled":true,"ipam_options":{"driver":"host-local" },"options":{"isolate":"true"} } } }
            """;
        File.WriteAllText(Request, Of("bench", "10.214.7.9"));
        File.WriteAllText($"{Request}.stays", Of("stays", "10.214.7.8"));
        File.WriteAllText(script, $"set -e\nip netns add {name}\n{Call} setup /run/netns/{name} <{Request} >/dev/null\n{Call} teardown /run/netns/{name} <{Request} >/dev/null\nip netns del {name}\n");
        Tool.Run("sh", ["-c", $"ip netns del {name}-stays 2>/dev/null; ip netns add {name}-stays && {Call} setup /run/netns/{name}-stays <{Request}.stays"]);
        return new Contender("netavark", "sh", [script]);
    }

    private bool Growth(string runtime)
    {
        List<double> times = [];
        for (int i = 0; i < Containers; i++)
        {
            long before = Stopwatch.GetTimestamp();
            Tool.Run(command, ["run", "--detach", "--label", $"bench={name}", "--runtime", runtime, "--network", name, "--rootfs", rootfs, "--", "/bin/sleep", "1000"]);
            times.Add(Stopwatch.GetElapsedTime(before).TotalMilliseconds);
        }
        Tool.Run("sh", ["-c", $"{command} ps -aq --no-trunc --filter label=bench={name} | xargs {command} rm --force --time 0"]);
        double first = Statistics.Median(times.Take(10)), last = Statistics.Median(times.TakeLast(10));
        Statistics.Print($"{runtime,-6} of {Containers} containers on one network: the first ten {first:F1} ms, the last ten {last:F1} ms   ratio {last / first:F2} (at most {GrowthCeiling:F1})");
        return last / first <= GrowthCeiling;
    }

    // iperf3 is the host's own program, in the network namespaces of the containers: the way of the packets is what is measured.
    private bool Throughput(string runtime)
    {
        Tool.Run(command, ["run", "--detach", "--name", $"{name}-a", "--runtime", runtime, "--network", name, "--ip", "10.213.7.101", "--rootfs", rootfs, "--", "/bin/sleep", "1000"]);
        Tool.Run(command, ["run", "--detach", "--name", $"{name}-b", "--runtime", runtime, "--network", name, "--ip", "10.213.7.102", "--rootfs", rootfs, "--", "/bin/sleep", "1000"]);
        string ours = Tool.Run(command, ["inspect", "--format", "{{.State.Pid}}", $"{name}-a"]).Trim(), second = Tool.Run(command, ["inspect", "--format", "{{.State.Pid}}", $"{name}-b"]).Trim();
        string root = Path.Combine(work, "podman");
        string[] podman = ["--root", root, "--runroot", $"{root}-run", "--cgroup-manager=cgroupfs", "--runtime", runtime];
        bool within = true;
        try
        {
            Tool.Run("podman", [.. podman, "network", "create", "--subnet", "10.215.7.0/24", name]);
            Tool.Run("podman", [.. podman, "run", "--detach", "--name", "a", "--network", name, "--ip", "10.215.7.101", "--ulimit=host", "--rootfs", rootfs, "/bin/sleep", "1000"]);
            Tool.Run("podman", [.. podman, "run", "--detach", "--name", "b", "--network", name, "--ip", "10.215.7.102", "--ulimit=host", "--rootfs", rootfs, "/bin/sleep", "1000"]);
            string theirs = Tool.Run("podman", [.. podman, "inspect", "--format", "{{.State.Pid}}", "a"]).Trim(), other = Tool.Run("podman", [.. podman, "inspect", "--format", "{{.State.Pid}}", "b"]).Trim();
            foreach ((string what, string ourServer, string ourAddress, string server, string address) in new[]
            {
                ("to another container", second, "10.213.7.102", other, "10.215.7.102"), ("from the host", ours, "10.213.7.101", theirs, "10.215.7.101"),
            })
            {
                bool fromHost = ourServer == ours;
                List<double> ratios = [], rates = [], podmans = [];
                for (int i = 0; i < Math.Max(5, runs / 4); i++)
                {
                    double rate = Gigabits(ourServer, fromHost ? null : ours, ourAddress), theirRate = Gigabits(server, fromHost ? null : theirs, address);
                    ratios.Add(rate / theirRate);
                    rates.Add(rate);
                    podmans.Add(theirRate);
                }
                double ratio = Statistics.Median(ratios);
                Statistics.Print($"{runtime,-6} iperf3 {what}: {Statistics.Median(rates):F1} Gbit/s, podman {Statistics.Median(podmans):F1} Gbit/s   ratio {ratio:F2} (at least {ThroughputFloor:F2}; spread {ratios.Min():F2} to {ratios.Max():F2})");
                within &= ratio >= ThroughputFloor;
            }
        }
        finally
        {
            Tool.Try("podman", [.. podman, "rm", "--all", "--force", "--time", "0"]);
            Tool.Try("podman", [.. podman, "network", "rm", "--force", name]);
            Tool.Run(command, ["rm", "--force", $"{name}-a", $"{name}-b"]);
        }
        return within;
    }

    private static double Gigabits(string server, string? client, string address)
    {
        using Process listening = Process.Start(new ProcessStartInfo("nsenter", ["-t", server, "-n", "iperf3", "--server", "--one-off", "--forceflush"]) { RedirectStandardOutput = true })!;
        while (listening.StandardOutput.ReadLine() is { } line && !line.Contains("listening", StringComparison.OrdinalIgnoreCase))
        {
        }
        string[] iperf = ["iperf3", "--client", address, "--time", "3", "--format", "g", "--json"];
        string output = client is null ? Tool.Run(iperf[0], iperf[1..]) : Tool.Run("nsenter", ["-t", client, "-n", .. iperf]);
        listening.WaitForExit();
        using var json = System.Text.Json.JsonDocument.Parse(output);
        return json.RootElement.GetProperty("end").GetProperty("sum_received").GetProperty("bits_per_second").GetDouble() / 1e9;
    }
}
