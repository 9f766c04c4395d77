using System.Diagnostics;

namespace Podspawn.Oci.Benchmarks;

/// <summary>
/// A launch by podspawn-oci against the raw runtime on the very same config.json, and against podman with the same hardening. The contenders take
/// turns, so that other load on the machine falls on all of them.
/// </summary>
internal sealed class LaunchBench(string command, string rootfs, string work, int runs)
{
    // The allowed cost of a launch relative to the raw runtime: the project's own promise.
    private static readonly Dictionary<string, double> Ceilings = new() { ["runc"] = 1.15, ["crun"] = 1.4, ["runsc"] = 1.05 };
    private const double ResidentCeiling = 15;
    private const int WarmUps = 3;

    internal bool Measure(string runtime)
    {
        string bundle = Path.Combine(work, runtime);
        Directory.CreateDirectory(bundle);
        File.WriteAllText(Path.Combine(bundle, "config.json"), Tool.Run(command, "spec", "--runtime", runtime, "--rootfs", rootfs, "--", "/bin/true"));

        // Without the flag runsc ignores the filter in config.json.
        string[] flags = runtime == "runsc" ? ["--network=none", "--overlay2=none", "--oci-seccomp"] : [];
        Contender raw = new("raw", runtime, [.. flags, "--root", Path.Combine(work, "state"), "run", "--bundle", bundle, "bench"]);
        Contender ours = new("podspawn-oci", command, ["run", "--runtime", runtime, "--rootfs", rootfs, "--", "/bin/true"]);
        Contender podman = new("podman", "podman", [.. Podman.Run(runtime, rootfs), "/bin/true"]);

        List<double> rawTimes = [], ourTimes = [], podmanTimes = [];
        bool podmanRuns = podman.TryTime() is not null;
        for (int i = -WarmUps; i < runs; i++)
        {
            double rawTime = raw.Time(), ourTime = ours.Time();
            double? podmanTime = podmanRuns ? podman.TryTime() : null;
            if (i < 0)
                continue;
            rawTimes.Add(rawTime);
            ourTimes.Add(ourTime);
            if (podmanTime is { } time)
                podmanTimes.Add(time);
        }

        double ratio = Statistics.MedianRatio(ourTimes, rawTimes);
        double ceiling = Ceilings[runtime];
        double resident = ResidentMegabytes(runtime);
        Statistics.Print($"{runtime,-6} raw {Statistics.Median(rawTimes),7:F1} ms   podspawn-oci {Statistics.Median(ourTimes),7:F1} ms   ratio {ratio:F2} (at most {ceiling:F2})   waiting launcher {resident:F1} MB (at most {ResidentCeiling:F0})");
        Statistics.Print(podmanTimes.Count > 0
            ? (FormattableString)$"       podman {Statistics.Median(podmanTimes),7:F1} ms   podman / podspawn-oci {Statistics.MedianRatio(podmanTimes, ourTimes):F2}"
            : $"       podman does not run here with this runtime");
        return ratio <= ceiling && resident <= ResidentCeiling;
    }

    private double ResidentMegabytes(string runtime)
    {
        // The container announces that it runs, then waits for its stdin to end.
        using Process launcher = Process.Start(new ProcessStartInfo(command, ["run", "-i", "--runtime", runtime, "--rootfs", rootfs, "--", "/bin/sh", "-c", "echo up; cat"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        if (launcher.StandardOutput.ReadLine() != "up")
            throw new InvalidOperationException("the container did not come up");
        double megabytes = ResidentMemory.MegabytesOf(launcher.Id);
        launcher.StandardInput.Close();
        launcher.WaitForExit();
        return megabytes;
    }
}
