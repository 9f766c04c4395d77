using System.Diagnostics;
using System.Globalization;

namespace Podspawn.Oci.Benchmarks;

/// <summary>
/// The cost of detached containers, against podman doing the same in the same run: a hundred launches one after the other and eight at a time, with
/// their peak of memory; a list of a thousand; and the memory of a monitor. And a command in a running container against the raw runtime's.
/// </summary>
internal sealed class LifeBench(string command, string rootfs, string work, int runs)
{
    private const double MonitorCeiling = 4;
    private const double ListCeiling = 1.0 / 3;
    private const double ExecCeiling = 1.15;
    private const int Containers = 100;
    private const int Stored = 1000;
    private const int WarmUps = 3;

    private readonly string label = $"bench={Guid.NewGuid():N}";

    internal bool Measure(string runtime)
    {
        bool within = true;
        foreach (int workers in new[] { 1, 8 })
            Launches(runtime, workers);
        within &= Monitor(runtime);
        within &= Exec(runtime);
        return within;
    }

    internal bool MeasureList()
    {
        Together(Stored, 8, _ => Tool.Run(command, ["create", "--label", label, "--rootfs", rootfs, "--", "/bin/true"]));
        Together(Stored, 8, _ => Tool.Run("podman", [.. Podman("runc"), "create", "--network=none", "--rootfs", rootfs, "/bin/true"]));
        Contender ours = new("ps", command, ["ps", "--all", "--filter", $"label={label}"]);
        Contender podman = new("podman ps", "podman", [.. Podman("runc"), "ps", "--all"]);
        (List<double> ourTimes, List<double> podmanTimes) = Contender.InTurns(ours, podman, WarmUps, runs);
        double ratio = Statistics.MedianRatio(ourTimes, podmanTimes);
        Statistics.Print($"ps --all of {Stored} stored containers: podspawn-oci {Statistics.Median(ourTimes):F1} ms   podman {Statistics.Median(podmanTimes):F1} ms   ratio {ratio:F2} (at most {ListCeiling:F2})");
        // podman's containers are removed with its directory: it takes minutes to remove them one by one.
        RemoveOurs();
        return ratio <= ListCeiling;
    }

    private void Launches(string runtime, int workers)
    {
        string[] network = runtime == "runsc" ? ["--runtime-flag=network=none"] : [];
        (double ourRate, double ourPeak) = Rate(workers, () => Tool.Run(command, ["run", "--detach", "--label", label, "--runtime", runtime, "--rootfs", rootfs, "--", "/bin/sleep", "1000"]));
        RemoveAll(runtime);
        if (Tool.Try("podman", [.. Podman(runtime), .. network, "run", "--rm", "--network=none", "--rootfs", rootfs, "/bin/true"]) is { Status: not 0 } failed)
        {
            Statistics.Print($"{runtime,-6} {Containers} detached, {workers} at a time: podspawn-oci {ourRate:F1}/s, peak {ourPeak:F0} MB   podman does not run here with this runtime: {failed.Error.Trim().Split('\n')[^1]}");
            return;
        }
        (double rate, double peak) = Rate(workers, () => Tool.Run("podman", [.. Podman(runtime), .. network, "run", "--detach", "--network=none",
            "--cap-drop=all", "--security-opt=no-new-privileges", "--pids-limit=256", "--memory=2g", "--cpus=2", "--ulimit=host", "--rootfs", rootfs, "/bin/sleep", "1000"]));
        RemoveAll(runtime);
        Statistics.Print($"{runtime,-6} {Containers} detached, {workers} at a time: podspawn-oci {ourRate,5:F1}/s, peak {ourPeak,5:F0} MB   podman {rate,5:F1}/s, peak {peak,5:F0} MB   {ourRate / rate:F1} times as many");
    }

    private bool Monitor(string runtime)
    {
        string id = Tool.Run(command, ["run", "--detach", "--label", label, "--runtime", runtime, "--rootfs", rootfs, "--", "/bin/sleep", "1000"]).Trim();
        string monitor = File.ReadAllText($"/run/podspawn-oci/containers/{id}/conmon.pid").Trim();
        double megabytes = ResidentMemory.MegabytesOf(int.Parse(monitor, CultureInfo.InvariantCulture));
        RemoveAll(runtime);
        Statistics.Print($"{runtime,-6} the monitor of a detached container: {megabytes:F1} MB (at most {MonitorCeiling:F0})");
        return megabytes <= MonitorCeiling;
    }

    private bool Exec(string runtime)
    {
        string id = Tool.Run(command, ["run", "--detach", "--label", label, "--runtime", runtime, "--rootfs", rootfs, "--", "/bin/sleep", "1000"]).Trim();
        Contender raw = new("raw exec", runtime, ["--root", $"/run/podspawn-oci/containers/{id}/runtime", "exec", id, "/bin/true"]);
        Contender ours = new("exec", command, ["exec", id, "/bin/true"]);
        (List<double> rawTimes, List<double> ourTimes) = Contender.InTurns(raw, ours, WarmUps, runs);
        RemoveAll(runtime);
        double ratio = Statistics.MedianRatio(ourTimes, rawTimes);
        Statistics.Print($"{runtime,-6} exec: raw {Statistics.Median(rawTimes):F1} ms   podspawn-oci {Statistics.Median(ourTimes):F1} ms   ratio {ratio:F2} (at most {ExecCeiling:F2})");
        return ratio <= ExecCeiling;
    }

    /// <summary>Launches a second, and the largest decrease of available memory meanwhile, in megabytes.</summary>
    private static (double Rate, double Peak) Rate(int workers, Action launch)
    {
        launch();
        using var memory = new MemoryWatch();
        long before = Stopwatch.GetTimestamp();
        Together(Containers, workers, _ => launch());
        return (Containers / Stopwatch.GetElapsedTime(before).TotalSeconds, memory.PeakMegabytes());
    }

    private static void Together(int count, int workers, Action<int> act) =>
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = workers }, act);

    private string[] Podman(string runtime) =>
        ["--root", $"{work}/podman", "--runroot", $"{work}/podman-run", "--runtime", runtime, "--cgroup-manager=cgroupfs", "--events-backend=file"];

    private void RemoveAll(string runtime)
    {
        RemoveOurs();
        Tool.Run("podman", [.. Podman(runtime), "rm", "--all", "--force", "--time", "0"]);
    }

    private void RemoveOurs()
    {
        string[] ours = Tool.Run(command, ["ps", "--all", "--quiet", "--no-trunc", "--filter", $"label={label}"]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (ours.Length > 0)
            Tool.Run(command, ["rm", "--force", .. ours]);
    }
}
